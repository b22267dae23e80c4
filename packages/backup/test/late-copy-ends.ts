import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

// The message CopyDone. Its zeros are in no data: text of PostgreSQL has none, and other messages have another type.
const copyDone = Buffer.from('c\0\0\0\u0004');

/** A proxy of a PostgreSQL server that sends the messages after the data of a COPY 100 ms later than the data. */
export async function lateCopyEnds(target: string) {
  const { hostname, port } = new URL(target);
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    sockets.push(client, database);
    // A connection ends with an error on one side or the other.
    pipeline(client, database, () => {});
    pipeline(database, delayed, client, () => {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(address.port) }).href,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

async function* delayed(content: AsyncIterable<Buffer>) {
  for await (const chunk of content) {
    const at = chunk.indexOf(copyDone);
    const end = at === -1 ? chunk.length : at + copyDone.length;
    yield chunk.subarray(0, end);
    if (end === chunk.length) continue;
    await sleep(100);
    yield chunk.subarray(end);
  }
}
