import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { freePort } from '@polyglot-notes/service-kit/testing';

export interface ReceivedMail {
  to: string;
  content: string;
}

/** A line of SMTP, `no answer`, `no connection`, or undefined to accept. */
type Answer = (to: string) => string | undefined;

/** A fake SMTP server. `answers.recipient` may refuse a recipient, and `answers.content` a whole mail. */
export async function startSmtpServer() {
  const received: ReceivedMail[] = [];
  const answers: { recipient?: Answer | undefined; content?: Answer | undefined } = {};
  const sockets = new Set<Socket>();

  async function serve(socket: Socket): Promise<void> {
    function say(line: string): void {
      if (line === 'no connection') socket.destroy();
      else if (line !== 'no answer') socket.write(`${line}\r\n`);
    }
    let to = '';
    let content: string[] | undefined;
    say('220 fake');
    for await (const line of createInterface(socket)) {
      if (content !== undefined && line !== '.') content.push(line);
      else if (content !== undefined) {
        received.push({ to, content: content.join('\n') });
        content = undefined;
        say(answers.content?.(to) ?? '250 accepted');
      } else if (/^RCPT/i.test(line)) {
        to = /<(.*)>/.exec(line)?.[1] ?? '';
        say(answers.recipient?.(to) ?? '250 ok');
      } else if (/^DATA/i.test(line)) {
        content = [];
        say('354 go on');
      } else say('250 ok');
    }
  }

  const port = await freePort();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    socket.on('close', () => sockets.delete(socket));
    void serve(socket).catch(() => {});
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answers,
    connections: () => sockets.size,
    mailsTo: (address: string) => received.filter(({ to }) => to === address),
    close(): void {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
