import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
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

describe('standard output', () => {
  const logging = new URL('./logging.ts', import.meta.url).href;
  const run = (code: string) => {
    const program = `const { createLogger } = await import(${JSON.stringify(logging)});
      const log = createLogger('test', 'info'); ${code}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    const output = text(child.stdout);
    child.stdout.once('data', () => child.emit('line'));
    return { child, output };
  };

  test('has every line when an uncaught error ends the process', async () => {
    const { output } = run(`log.info('first'); setTimeout(() => { log.info('last'); throw new Error(); })`);
    expect((await output).split('\n').map((line) => line && JSON.parse(line).msg)).toEqual([
      'first',
      'last',
      '',
    ]);
  });

  test('that nobody reads does not keep the process', async () => {
    const { child, output } = run(
      `setTimeout(() => { log.warn('a'); log.info('b'); process.exit(7); }, 200)`,
    );
    child.stdout.destroy();
    await expect(output).rejects.toThrow('Premature close');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  test.each([
    ['a warning at once', `log.warn('now'); for (;;);`],
    ['other lines within a tenth of a second', `log.info('soon'); setInterval(() => {}, 1e6)`],
  ])('has %s', async (_what, code) => {
    const { child, output } = run(code);
    await once(child, 'line');
    child.kill('SIGKILL');
    expect(await output).toMatch(/"msg":"(?:now|soon)"/);
  });
});
