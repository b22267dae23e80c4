import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAnswer, sendBytes } from '@polyglot-notes/service-kit/testing';
import { startService, type Service } from '../service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

test('an import of which nothing more arrives ends with a 408, and frees its place', async () => {
  const user = service.newUser();
  const head = (...fields: string[]) =>
    [
      'POST /api/notes/import HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${user.token}`,
      'Content-Type: application/x-ndjson',
      ...fields,
      '',
      '',
    ].join('\r\n');
  const line = `${JSON.stringify({ title: 'kept' })}\n`;
  const stalled = await sendBytes(service.client.baseUrl, `${head('Content-Length: 16000000')}${line}`);
  expect(parseAnswer(stalled)).toMatchObject({ status: 408, body: { code: 'request_timeout' } });
  const whole = head(`Content-Length: ${line.length}`, 'Connection: close') + line;
  expect(parseAnswer(await sendBytes(service.client.baseUrl, whole))).toMatchObject({
    status: 200,
    body: { imported: 1 },
  });
});
