import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKeySet, createAccessTokenVerifier } from '@polyglot-notes/service-kit';
import { buildAccount, serverUrl } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { migratedEnvironment, startService } from './service.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const contextOf = (environment: NodeJS.ProcessEnv) => createContext(readConfig(environment));

describe('the signing keys', () => {
  test('are published without their private parts', async () => {
    const { body } = await request(service.server).get('/.well-known/jwks.json');
    const keys = {
      kty: 'RSA',
      n: expect.any(String),
      e: 'AQAB',
      kid: expect.any(String),
      alg: 'RS256',
      use: 'sig',
    };
    expect(body).toEqual({ keys: [keys] });
  });

  test('are sealed in the database', async () => {
    const [stored] = await service.context.db.collection('signingKeys').find().toArray();
    expect(JSON.stringify(stored)).not.toMatch(/PRIVATE KEY|"d":|"p":/);
  });

  test('verify the tokens that are issued', async () => {
    const keys = createKeySet({
      url: `${serverUrl(service.server)}/.well-known/jwks.json`,
      log: service.context.log,
    });
    while (!keys.loaded()) await new Promise((resolve) => setTimeout(resolve, 20));
    const verify = createAccessTokenVerifier({ issuer: 'polyglot-notes', audience: 'polyglot-notes', keys });
    const { body } = await service.register(buildAccount());
    expect(await verify(body.accessToken)).toMatchObject({ id: body.user.id, role: 'user' });
    keys.close();
  });

  test('stay the same after a restart, and are created once by several processes', async () => {
    const environment = await migratedEnvironment();
    const contexts = await Promise.all(Array.from({ length: 4 }, () => contextOf(environment)));
    const ids = contexts.map(({ signingKeys }) => signingKeys.current().id);
    expect(new Set(ids).size).toBe(1);
    await Promise.all(contexts.map((context) => context.close()));
    const again = await contextOf(environment);
    expect(again.signingKeys.current().id).toBe(ids[0]);
    await again.close();
  });

  test('cannot be decrypted with another key, and the error says what to do', async () => {
    const environment = await migratedEnvironment();
    await (await contextOf(environment)).close();
    const other = { ...environment, KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    await expect(contextOf(other)).rejects.toThrow(/^KEY_ENCRYPTION_KEY cannot decrypt the signing key/);
  });
});
