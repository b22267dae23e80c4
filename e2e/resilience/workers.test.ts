import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newUser, send, until, type User } from '@polyglot-notes/service-kit/testing';
import { startSystem, type System } from '../systems.ts';

describe('a system whose services have two workers each', () => {
  let system: System;
  let user: User;
  beforeAll(async () => {
    system = await startSystem({ WORKERS: '2', GATEWAY_WORKERS: '2' });
    user = await newUser(system.api);
  });
  afterAll(() => system.close());

  /** The statuses of lists of notes, each on a connection of its own, so that both workers answer. */
  async function statuses(): Promise<number[]> {
    const headers = { Authorization: `Bearer ${user.token}` };
    const lists = Array.from({ length: 8 }, () =>
      send(system.urls['notes-service'], '/api/notes', { headers }),
    );
    return (await Promise.all(lists)).map(({ status }) => status);
  }

  async function linesOf(
    service: string,
  ): Promise<{ pid: number; level: string; msg: string; userId?: string }[]> {
    const log = await readFile(system.logFiles[service]!, 'utf8');
    return log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  test('refuses a deactivated user in both workers of notes-service', async () => {
    expect(new Set(await statuses())).toEqual(new Set([200]));
    await until(async () => {
      const requests = (await linesOf('notes-service')).filter(({ msg }) => msg === 'request');
      return new Set(requests.map(({ pid }) => pid)).size === 2;
    });
    const admin = await system.asAdmin();
    const { status } = await admin.call('PATCH', `/api/users/${user.id}`, {
      body: { status: 'deactivated' },
    });
    expect(status).toBe(200);
    const allRefuse = async () => (await statuses()).every((each) => each === 401);
    await until(allRefuse);
    expect(await allRefuse()).toBe(true);
  });

  test('starts without an error, and appoints one first admin', async () => {
    const lines = (await Promise.all(Object.keys(system.logFiles).map(linesOf))).flat();
    expect(lines.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    // Both workers may say so, of the same account.
    const appointed = lines.filter(({ msg }) => msg === 'first admin appointed').map(({ userId }) => userId);
    expect(new Set(appointed).size).toBe(1);
    expect(lines.filter(({ msg }) => msg === 'listening')).toHaveLength(8);
  });
});
