import { BSON } from 'bson';
import { type Socket, createServer } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { readCommand } from './command.ts';
import { type Answering, answer, hello } from './commands.ts';
import { openCursors } from './cursors.ts';
import type { Storage } from './storage.ts';
import { WireError, messageReader, readRequest, writeReply } from './wire.ts';

export type Gateway = { port: number; close(): Promise<void> };

/**
 * Serves MongoDB's wire protocol on the address, with the storage behind it; port 0 takes a free one. A
 * connection that breaks the protocol is closed and reported. Rejects when it cannot listen.
 */
export async function serveGateway(
  storage: Storage,
  address: { host: string; port: number },
  report: (error: unknown) => void,
): Promise<Gateway> {
  const context: Answering = { storage, cursors: openCursors(), alone: oneAtATime() };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    pipeline(socket, (chunks: AsyncIterable<Buffer>) => replies(context, chunks, report), socket).catch(
      (error) => {
        if (error instanceof WireError) report(error); // any other error is a client that disconnected
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, () => resolve());
  });
  server.on('error', report);
  const listening = server.address();
  return {
    port: typeof listening === 'object' && listening ? listening.port : address.port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

// One command after another: a connection keeps their order.
async function* replies(
  context: Answering,
  chunks: AsyncIterable<Buffer>,
  report: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  const read = messageReader();
  for await (const chunk of chunks)
    for (const message of read(chunk)) {
      const request = readRequest(message);
      const reply = request.legacy
        ? Buffer.from(BSON.serialize(hello()))
        : await answer(context, readCommand(request), report);
      if (request.answered) yield writeReply(request, reply);
    }
}

function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => {}); // its caller gets the error; the next one only waits
    return result;
  };
}
