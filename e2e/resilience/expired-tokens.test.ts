import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { newUser, statuses } from '@polyglot-notes/service-kit/testing';
import { refresh } from '../devices.ts';
import { readDocument } from '../openapi-document.ts';
import { startSystem } from '../systems.ts';

describe('a system with tokens of four seconds', () => {
  test('refuses its expired tokens with a code of their own', async () => {
    const system = await startSystem({ ACCESS_TOKEN_TTL_SECONDS: '4' });
    try {
      const user = await newUser(system.api);
      expect((await user.call('GET', '/api/notes')).status).toBe(200);
      await delay(4_500);
      const { operations } = await readDocument(system.api);
      const thatReadAToken = operations.filter(({ outcomes }) =>
        outcomes.some(({ code }) => code === 'token_expired'),
      );
      for (const { name, method, path } of thatReadAToken) {
        const { status, body } = await user.call(method, path.replace('{id}', randomUUID()));
        expect([name, status, body.code]).toEqual([name, 401, 'token_expired']);
      }
      // The refresh token alone says which session, beside an expired access token too.
      const { refreshToken } = (await refresh(system.api, user.refreshToken)).body;
      const logout = () => user.call('POST', '/api/auth/logout', { body: { refreshToken } });
      expect(statuses([await logout(), await logout()])).toEqual([204, 204]);
      expect((await refresh(system.api, refreshToken)).body.code).toBe('invalid_refresh_token');
    } finally {
      await system.close();
    }
  });
});
