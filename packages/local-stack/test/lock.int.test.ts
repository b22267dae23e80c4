import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { isLocked, lockState } from '../src/system/lock.ts';

const program = fileURLToPath(new URL('hold-lock.ts', import.meta.url));

let stateDir: string;
let holders: ReturnType<typeof startHolder>[];
beforeAll(async () => {
  holders = [startHolder(), startHolder(), startHolder()];
  await Promise.all(holders.map(({ ready }) => ready));
});
afterAll(() => Promise.all(holders.map(({ kill }) => kill())));
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

/** A process that locks and unlocks. */
function startHolder() {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'polyglot-notes-compile-cache') },
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => String((await lines.next()).value);
  const ready = answer();
  const ask = (command: string) => {
    child.stdin.write(`${command} ${stateDir}\n`);
    return answer();
  };
  return {
    pid: child.pid,
    ready,
    lock: () => ask('lock'),
    unlock: () => ask('unlock'),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Leaves the file that a killed process leaves. */
const leaveFileOf = (pid: number | undefined) => writeFileSync(join(stateDir, 'pid'), String(pid));

test('of several processes at once, one gets the lock of a killed process', async () => {
  for (let round = 0; round < 20; round++) {
    leaveFileOf(2 ** 22);
    const answers = await Promise.all(holders.map(({ lock }) => lock()));
    expect(answers.filter((answer) => answer === 'locked')).toHaveLength(1);
    await holders[answers.indexOf('locked')]?.unlock();
  }
});

test('the refusal names the process that holds the lock, until it unlocks', async () => {
  const [first, second] = holders;
  expect(isLocked(stateDir)).toBe(false);
  expect(await first?.lock()).toBe('locked');
  expect(isLocked(stateDir)).toBe(true);
  expect(await second?.lock()).toContain(`running already, as process ${first?.pid}:`);
  await first?.unlock();
  expect(isLocked(stateDir)).toBe(false);
});

test('a running process of version 0.2.0, which has only written its id, holds the lock', async () => {
  const [first, second] = holders;
  leaveFileOf(first?.pid);
  expect(isLocked(stateDir)).toBe(true);
  expect(await second?.lock()).toContain(`running already, as process ${first?.pid}:`);
  expect(isLocked(stateDir)).toBe(true);
});

test('locks by different files are independent', () => {
  const unlocks = [lockState(stateDir), lockState(stateDir, 'keys.pid')];
  expect(readFileSync(join(stateDir, 'keys.pid'), 'utf8')).toBe(String(process.pid));
  for (const unlock of unlocks) unlock();
});

test('a killed process holds no lock, even when its id belongs to another process of this project', async () => {
  const [first, second] = holders;
  const holder = startHolder();
  await holder.ready;
  expect(await holder.lock()).toBe('locked');
  await holder.kill();
  leaveFileOf(first?.pid);
  expect(isLocked(stateDir)).toBe(false);
  expect(await second?.lock()).toBe('locked');
});
