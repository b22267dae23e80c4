import { expect, test } from '@jest/globals';
import axios from 'axios';
import { createLogger } from './logging.ts';

const lines: string[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });

test('redacts fields with names of secrets', () => {
  lines.length = 0;
  log.info({
    password: 'hunter2',
    body: { refreshToken: 'hunter2', name: 'kept' },
    headers: { authorization: 'hunter2' },
  });
  expect(lines.join('')).toContain('kept');
  expect(lines.join('')).not.toContain('hunter2');
});

test('logs the name, message and code of an error, without its other properties', async () => {
  lines.length = 0;
  const error: unknown = await axios
    .put('http://127.0.0.1:1/x', { note: 'hunter2' }, { headers: { authorization: 'Bearer hunter2' } })
    .catch((reason: unknown) => reason);
  log.warn({ err: new Error('outer', { cause: error }) });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: { message: 'outer', cause: { code: 'ECONNREFUSED' } },
  });
  expect(lines.join('')).not.toContain('hunter2');
});
