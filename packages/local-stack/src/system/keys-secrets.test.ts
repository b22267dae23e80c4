import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runWithSecrets } from './keys-secrets.ts';
import { lockState } from './lock.ts';
import { loadSecrets, type Secrets } from './secrets.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'keys-secrets-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const lock = () => join(stateDir, 'keys.pid');

test('a reseal replaces the encryption key, and keeps the previous one until it succeeds', async () => {
  const { KEY_ENCRYPTION_KEY: first } = loadSecrets(stateDir);
  const given: Secrets[] = [];
  const reseal = (code: number) =>
    runWithSecrets(stateDir, ['reseal'], async (secrets) => {
      given.push(secrets);
      return code;
    });
  expect(await reseal(1)).toBe(1);
  expect(loadSecrets(stateDir)).toEqual(given[0]);
  expect(await reseal(0)).toBe(0);
  expect(given[1]).toEqual(given[0]);
  expect(given[0]).toMatchObject({ KEY_ENCRYPTION_KEY_PREVIOUS: first });
  const { KEY_ENCRYPTION_KEY_PREVIOUS: _, ...rest } = given[0]!;
  expect(loadSecrets(stateDir)).toEqual(rest);
});

test('one process at once rotates or reseals; others are refused before they read the secrets', async () => {
  const unlock = lockState(stateDir, 'keys.pid');
  for (const line of ['rotate', 'rotate --now', '--now rotate', 'reseal'])
    await expect(runWithSecrets(stateDir, line.split(' '), async () => 0)).rejects.toThrow(/running already/);
  expect(existsSync(join(stateDir, 'secrets.json'))).toBe(false);
  expect(await runWithSecrets(stateDir, ['list'], async () => 0)).toBe(0);
  unlock();
});

test.each(['rotate', 'reseal'])('%s holds the lock while it runs', async (command) => {
  const failing = runWithSecrets(stateDir, [command], async () => {
    expect(readFileSync(lock(), 'utf8')).toBe(String(process.pid));
    throw new Error('failed');
  });
  await expect(failing).rejects.toThrow('failed');
  expect(existsSync(lock())).toBe(false);
});

test('rotate and retire are refused until the system that ran during a reseal has been restarted', async () => {
  const run = (line: string) => runWithSecrets(stateDir, line.split(' '), async () => 0);
  writeFileSync(join(stateDir, 'pid'), '4711');
  expect(await run('rotate')).toBe(0);
  expect(await run('reseal')).toBe(0);
  for (const line of ['rotate', 'rotate --now', 'retire kid --now'])
    await expect(run(line)).rejects.toThrow(/restart it first/);
  expect(await run('list')).toBe(0);
  writeFileSync(join(stateDir, 'pid'), '4712');
  expect(await run('rotate')).toBe(0);
});
