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

test('does not ask the issuer for each unknown key', async () => {
  let calls = 0;
  const server = await listening((_req, res) => {
    calls++;
    res.end(JSON.stringify({ keys: [] }));
  });
  const keys = createKeySet({ url: serverUrl(server), log });
  try {
    while (!keys.loaded()) await delay(20);
    for (let i = 0; i < 50; i++) expect(await keys.find(`forged-${i}`)).toBeUndefined();
    expect(calls).toBe(1);
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
