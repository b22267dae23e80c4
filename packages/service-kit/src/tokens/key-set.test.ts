import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { listening, makeSigningKey, serverUrl, until } from '../../testing/index.ts';
import { createKeySet } from './key-set.ts';
import { createLogger } from '../process/logging.ts';

const log = createLogger('test', 'silent');

test('loads the RS256 keys by itself when the issuer starts later', async () => {
  const key = makeSigningKey();
  let up = false;
  const server = await listening((_req, res) => {
    const foreign = { ...makeSigningKey().jwk, kid: 'foreign', alg: 'RS512' };
    res.writeHead(up ? 200 : 503).end(JSON.stringify({ keys: [key.jwk, foreign] }));
  });
  const keys = createKeySet({ url: serverUrl(server), log });
  try {
    await delay(100);
    expect(keys.loaded()).toBe(false);
    up = true;
    while (!keys.loaded()) await delay(20);
    expect((await keys.find(key.kid))?.asymmetricKeyType).toBe('rsa');
    expect(await keys.find('foreign')).toBeUndefined();
  } finally {
    keys.close();
    server.close(() => {}).closeAllConnections();
  }
});

test('asks the issuer once for thousands of unknown keys, and known ones do not wait', async () => {
  const key = makeSigningKey();
  let calls = 0;
  const hanging: ServerResponse[] = [];
  const server = await listening((_req, res) => {
    calls++;
    if (calls === 1) res.end(JSON.stringify({ keys: [key.jwk] }));
    else hanging.push(res);
  });
  const keys = createKeySet({ url: serverUrl(server), log, timing: { cooldownMs: 0 } });
  try {
    await until(() => keys.loaded());
    await delay(5);
    const forged = Array.from({ length: 3_000 }, (_, index) => keys.find(`forged-${index}`));
    await until(() => hanging.length === 1);
    expect((await keys.find(key.kid))?.asymmetricKeyType).toBe('rsa');
    expect(keys.peek(key.kid)?.asymmetricKeyType).toBe('rsa');
    for (const res of hanging) res.end(JSON.stringify({ keys: [key.jwk] }));
    expect(new Set(await Promise.all(forged))).toEqual(new Set([undefined]));
    expect(calls).toBe(2);
  } finally {
    keys.close();
    server.close(() => {}).closeAllConnections();
  }
});

test('does not ask again within the cooldown', async () => {
  let calls = 0;
  const server = await listening((_req, res) => {
    calls++;
    res.end(JSON.stringify({ keys: [] }));
  });
  const keys = createKeySet({ url: serverUrl(server), log, timing: { cooldownMs: 600_000 } });
  try {
    await until(() => keys.loaded());
    for (let i = 0; i < 50; i++) expect(await keys.find(`forged-${i}`)).toBeUndefined();
    expect(calls).toBe(1);
  } finally {
    keys.close();
    server.close(() => {}).closeAllConnections();
  }
});

test('answers 503 about an unknown key while the issuer cannot be read, and finds it afterwards', async () => {
  const [first, second] = [makeSigningKey(), makeSigningKey()];
  const published = [first.jwk];
  let isDown = false;
  let failures = 0;
  const server = await listening((_req, res) => {
    if (isDown) failures++;
    res.writeHead(isDown ? 503 : 200).end(JSON.stringify({ keys: published }));
  });
  const keys = createKeySet({ url: serverUrl(server), log, timing: { refreshMs: 20, cooldownMs: 600_000 } });
  const unavailable = expect.objectContaining({ type: expect.objectContaining({ status: 503 }) });
  try {
    await until(() => keys.loaded());
    isDown = true;
    published.push(second.jwk);
    // The second failure begins when the first one has been noticed.
    await until(() => failures > 1);
    for (let i = 0; i < 10; i++) {
      await expect(keys.find(second.kid)).rejects.toEqual(unavailable);
      await delay(10);
    }
    expect(await keys.find(first.kid)).toBeDefined();
    isDown = false;
    await until(() => keys.peek(second.kid) !== undefined);
  } finally {
    keys.close();
    server.close(() => {}).closeAllConnections();
  }
});

test('forgets a key that is no longer published at the next regular read', async () => {
  const [first, second] = [makeSigningKey(), makeSigningKey()];
  let published = [first.jwk, second.jwk];
  const server = await listening((_req, res) => res.end(JSON.stringify({ keys: published })));
  const keys = createKeySet({ url: serverUrl(server), log, timing: { refreshMs: 20 } });
  try {
    await until(() => keys.loaded());
    expect(await keys.find(first.kid)).toBeDefined();
    published = [second.jwk];
    await until(() => keys.peek(first.kid) === undefined);
    expect(await keys.find(second.kid)).toBeDefined();
  } finally {
    keys.close();
    server.close(() => {}).closeAllConnections();
  }
});

test('returns the keys in memory without waiting', async () => {
  const key = makeSigningKey();
  const server = await listening((_req, res) => res.end(JSON.stringify({ keys: [key.jwk] })));
  const keys = createKeySet({ url: serverUrl(server), log });
  try {
    expect(keys.peek(key.kid)).toBeUndefined();
    await until(() => keys.loaded());
    expect(keys.peek(key.kid)?.asymmetricKeyType).toBe('rsa');
    expect(keys.peek('forged')).toBeUndefined();
  } finally {
    keys.close();
    server.close(() => {}).closeAllConnections();
  }
});
