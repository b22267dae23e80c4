import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends bytes, a request or not, on a connection of their own and reads the reply until the connection is closed. */
export async function sendBytes(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

/** Status, headers and JSON body of the single answer that `sendBytes` has read. */
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
