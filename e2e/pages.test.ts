import { describe, expect, test } from '@jest/globals';
import { parseAnswer, send, sendBytes } from '@polyglot-notes/service-kit/testing';
import { api, urls } from './client.ts';

const page = new URL('/docs/', urls.gateway);
const fetchText = async (url: URL) => {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** The URLs that a browser loads for a page. */
const referencesIn = (html: string, base = page) =>
  [...html.matchAll(/<(?:script|link|img|iframe)[^>]* (?:src|href)="([^"]+)"/g)].map(
    ([, reference = '']) => new URL(reference, base),
  );

describe('the API reference', () => {
  test('is at /docs/, and /docs redirects there', async () => {
    const { status, headers } = await send(urls.gateway, '/docs');
    expect([status, headers.location]).toEqual([308, '/docs/']);
  });

  test('is a page that runs only files of the gateway', async () => {
    const { status, headers, text } = await fetchText(page);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none';script-src 'self';style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=/);
  });

  test('loads every part from the gateway, with the right type', async () => {
    const types: Record<string, string> = {};
    for (const url of referencesIn((await fetchText(page)).text)) {
      expect(url.origin).toBe(urls.gateway);
      const { status, headers } = await fetchText(url);
      expect([url.pathname, status]).toEqual([url.pathname, 200]);
      types[url.pathname] = headers.get('content-type') ?? '';
    }
    expect(types).toEqual({
      '/docs/favicon-32x32.png': 'image/png',
      '/docs/initializer.js': 'text/javascript; charset=utf-8',
      '/docs/page.css': 'text/css; charset=utf-8',
      '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
      '/docs/swagger-ui.css': 'text/css; charset=utf-8',
    });
  });

  test('has style sheets that load nothing else', async () => {
    for (const name of ['page.css', 'swagger-ui.css']) {
      expect((await fetchText(new URL(name, page))).text).not.toMatch(/@import|url\((?!["']?data:)/);
    }
  });

  test('is sent again only when it has changed', async () => {
    const first = await send(urls.gateway, '/docs/swagger-ui-bundle.js');
    const etag = String(first.headers.etag);
    const again = await send(urls.gateway, '/docs/swagger-ui-bundle.js', {
      headers: { 'If-None-Match': etag },
    });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  test.each(['/docs/index.html', '/docs/package.json', '/docs/swagger-ui.js', '/docs/../package.json'])(
    'serves nothing else: %s',
    async (path) => expect((await send(urls.gateway, path)).status).toBe(404),
  );
});

const mailedPages = ['/reset-password', '/verify-email', '/change-email'];

describe('a page behind a link in a mail', () => {
  test.each(mailedPages)('runs only files of the gateway, and sends no referrer: %s', async (path) => {
    const { status, headers, text } = await fetchText(new URL(path, urls.gateway));
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self';/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    for (const url of referencesIn(text, new URL(path, urls.gateway)))
      expect([url.pathname, (await fetch(url)).status]).toEqual([url.pathname, 200]);
  });

  test.each([...mailedPages, '/problems'])(
    'is found with a query and with a trailing slash: %s',
    async (path) => {
      expect((await send(urls.gateway, `${path}?utm_source=mail`)).status).toBe(200);
      const { status, headers } = await send(urls.gateway, `${path}/`);
      // Relative, so that the gateway may be below a path of another server.
      expect([status, headers.location]).toEqual([308, `..${path}`]);
    },
  );

  test.each([...mailedPages, '/problems'])('answers GET and HEAD and nothing else: %s', async (path) => {
    const head = await send(urls.gateway, path, { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-type']]).toEqual([
      200,
      '',
      'text/html; charset=utf-8',
    ]);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await send(urls.gateway, path, { method });
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD']);
    }
  });

  test.each([
    '/Reset-Password',
    '/reset-password/x',
    '/pages/',
    '/pages/reset-password.html',
    '/pages/../app.ts',
  ])('is not at %s', async (path) => expect((await send(urls.gateway, path)).status).toBe(404));

  test('is where a password manager looks for a page that changes the password', async () => {
    const { status, headers } = await send(urls.gateway, '/.well-known/change-password');
    expect([status, headers.location]).toEqual([308, '../reset-password']);
  });
});

describe('the page of problems', () => {
  test('has an id for every code of the API', async () => {
    const ids = [...(await fetchText(new URL('/problems', urls.gateway))).text.matchAll(/ id="(\w+)"/g)];
    const { components } = (await api.call('GET', '/openapi.json')).body;
    expect(ids.map(([, id]) => String(id)).toSorted()).toEqual(Object.keys(components.examples).toSorted());
  });

  test('has no script, and loads only files of the gateway', async () => {
    const { headers, text } = await fetchText(new URL('/problems', urls.gateway));
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none';style-src 'self';img-src 'self';base/,
    );
    expect(text).not.toMatch(/<script|<style| style=| on\w+=/);
    for (const url of referencesIn(text, new URL('/problems', urls.gateway)))
      expect([url.pathname, (await fetch(url)).status]).toEqual([url.pathname, 200]);
  });

  test.each(Object.entries(urls))(
    'is linked from a problem of %s, also from one before any route',
    async (_name, url) => {
      const { body } = await send(url, '/nothing');
      expect(JSON.parse(body)).toMatchObject({ type: `${urls.gateway}/problems#not_found` });
      expect(parseAnswer(await sendBytes(url, 'HELP\r\n\r\n')).body).toMatchObject({
        type: `${urls.gateway}/problems#malformed_request`,
      });
    },
  );
});
