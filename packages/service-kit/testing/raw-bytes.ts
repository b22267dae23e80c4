import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends bytes on a connection of its own, be they a request or not, and reads what comes back until it is closed. */
export async function sendBytes(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

/** Status, headers and JSON body of the one answer in what `sendBytes` has read. */
export function parseAnswer(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      fields.map((field) => [field.split(': ')[0]?.toLowerCase(), field.slice(field.indexOf(': ') + 2)]),
    ) as Record<string, string>,
    body: JSON.parse(body) as Record<string, unknown>,
  };
}
