import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { privatePaths } from '@polyglot-notes/gateway/testing';
import { newUser } from '@polyglot-notes/service-kit/testing';
import { api, call, urls } from './client.ts';

describe('the gateway', () => {
  test.each(privatePaths)('hides %s from everyone', async (path) => {
    expect((await call('PUT', path, { body: {} })).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('is healthy when all services are', async () => {
    const { status, body } = await call('GET', '/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      services: { auth: { status: 'ok' }, user: { status: 'ok' }, notes: { status: 'ok' } },
    });
    expect((await call('GET', '/health/live')).status).toBe(200);
    expect((await call('GET', '/health/ready')).status).toBe(200);
  });

  test.each([
    ['a/b', 'a%2Fb'],
    ['..', '%2E%2E'],
    ['.', '%2e'],
    ['a\\b', 'a%5Cb'],
    ['100%', '100%25'],
    ['%2f', '%252F'],
    ['?', '%3F'],
    ['#', '%23'],
    ['a;b', 'a;b'],
  ])('forwards the tag %j in the path segment %s', async (tag, segment) => {
    const user = await newUser(api);
    await user.call('POST', '/api/notes', { body: { title: 'a', tags: [tag] } });
    const path = `/api/notes/tags/${segment}`;
    expect((await user.call('PATCH', path, { body: { name: `${tag} 2` } })).body).toEqual({ changed: 1 });
    const { body } = await user.call('GET', '/api/notes/tags');
    expect(body.items).toEqual([{ tag: `${tag} 2`, count: 1 }]);
  });

  test('survives clients that disconnect in the middle of a request', async () => {
    const user = await newUser(api);
    const { hostname, port } = new URL(urls.gateway);
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const socket = connect(Number(port), hostname);
        await once(socket, 'connect');
        socket.write(
          `POST /api/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n` +
            'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"title":"',
        );
        await new Promise((resolve) => setTimeout(resolve, i * 4));
        socket.resetAndDestroy();
      }),
    );
    expect((await user.call('GET', '/api/notes')).body.items).toEqual([]);
    expect((await call('GET', '/health')).body.status).toBe('ok');
  });
});
