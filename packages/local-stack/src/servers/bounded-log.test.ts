import { afterEach, expect, jest, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBoundedLog } from './bounded-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('empties a large log that cannot be moved, and says so once', () => {
  jest.useFakeTimers();
  const said = jest.spyOn(console, 'error').mockReturnValue();
  const path = join(folder, 'a.log');
  // A copy onto a folder fails, like a copy onto a full disk.
  mkdirSync(join(folder, 'a.previous.log'));
  const log = openBoundedLog(path, 10);
  for (let i = 0; i < 2; i++) {
    writeSync(log.fd, 'more than ten bytes');
    jest.advanceTimersByTime(1_000);
    expect(statSync(path).size).toBe(0);
  }
  log.write('a line\n');
  expect(statSync(path).size).toBe(7);
  log.close();
  expect(said.mock.calls).toEqual([[expect.stringMatching(/^The log .*a\.log is incomplete: EISDIR/)]]);
});
