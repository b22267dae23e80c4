import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  buildAccount,
  listening,
  newUser,
  serverUrl,
  waitForMails,
} from '@polyglot-notes/service-kit/testing';
import type { Page } from 'playwright-core';
import { complaints, describeInBrowser, foreign, linkIn, openTab } from '../browser.ts';
import { startSystem, type System } from '../systems.ts';

const pages = ['/reset-password', '/verify-email', '/change-email'];
const unknownToken = `#token=${'A'.repeat(43)}`;

describeInBrowser('the pages', () => {
  let system: System;
  let app: Server;
  let tab: Page;
  beforeAll(async () => {
    app = await listening((_req, res) => res.setHeader('Content-Type', 'text/html').end('<p>An app'));
    system = await startSystem({
      RATE_LIMIT_AUTH_MAX: '40',
      LOGIN_LOCK_MAX: '2',
      NEW_DEVICE_MAILS: 'true',
      TRUSTED_PROXIES: '127.0.0.1',
      UPSTREAM_TIMEOUT_MS: '3000',
      CORS_ORIGINS: serverUrl(app),
    });
    tab = await openTab(system.urls.gateway);
  });
  afterAll(async () => {
    app.close().closeAllConnections();
    await system.close();
  });
  beforeEach(async () => {
    await tab.goto('about:blank');
  });

  const open = (path: string) => tab.goto(`${system.urls.gateway}${path}`);
  /** Waits for the heading and returns the element that has the focus then. */
  async function shown(heading: string) {
    await tab.getByRole('heading', { name: heading }).waitFor();
    return tab.locator(':focus').innerText();
  }
  /** Waits for words on the page and returns all of them. */
  async function said(words: string | RegExp) {
    await tab.getByText(words).waitFor();
    return tab.locator('main').innerText();
  }
  async function enter(password: string, button: string) {
    await tab.getByRole('textbox', { name: /password$/i }).fill(password);
    await tab.getByRole('button', { name: button }).click();
  }
  const setPassword = (password: string) => enter(password, 'Set new password');
  const logIn = async (email: string, password: string) =>
    (await system.api.call('POST', '/api/auth/login', { body: { email, password } })).body;

  async function resetLink(email: string, mails = 1) {
    if (mails === 1) await system.api.call('POST', '/api/auth/forgot-password', { body: { email } });
    return linkIn((await waitForMails(email, mails, 'Choose a new password')).at(-1)!);
  }

  async function verifyLink(email: string) {
    await system.api.call('POST', '/api/auth/resend-verification', { body: { email } });
    return linkIn((await waitForMails(email, 1))[0]!);
  }

  test('take a person from the link in the mail to a login with the new password', async () => {
    const user = await newUser(system.api);
    const link = await resetLink(user.email);
    const phone = await openTab(system.urls.gateway, { viewport: { width: 390, height: 800 } });
    const calls: string[] = [];
    phone.on('request', (request) => calls.push(`${request.method()} ${request.url()}`));
    await phone.goto(link);
    expect(phone.url()).toBe(`${system.urls.gateway}/reset-password`);
    // As a phone does after a visit to the password manager.
    await phone.reload();
    const { hash } = new URL(link);
    expect(calls.filter((made) => !made.startsWith('GET ') || made.includes(hash.slice(-43)))).toEqual([]);

    const choose = async (password: string) => {
      await phone.getByLabel('New password').fill(password);
      await phone.getByRole('button', { name: 'Set new password' }).click();
    };
    await choose('password1');
    await phone.getByText('This is one of the most common passwords').waitFor();
    expect(await phone.getByLabel('New password').getAttribute('aria-invalid')).toBe('true');
    expect(await phone.locator(':focus').getAttribute('id')).toBe('password');

    await choose('new correct horse');
    await phone.getByRole('heading', { name: 'Your password is changed' }).waitFor();
    expect(await phone.locator(':focus').innerText()).toBe('Your password is changed');
    expect(await logIn(user.email, 'new correct horse')).toHaveProperty('accessToken');
    await phone.reload();
    expect(await phone.getByLabel('New password').isVisible()).toBe(false);
    expect([foreign, complaints]).toEqual([[], []]);
  });

  test('say that a link was used, and send a new one that works', async () => {
    const user = await newUser(system.api);
    const link = await resetLink(user.email);
    await tab.goto(link);
    await setPassword('second correct horse');
    expect(await shown('Your password is changed')).toBe('Your password is changed');

    // The tab is on the same page, so the browser changes only the fragment.
    await tab.goto(link);
    await setPassword('third correct horse');
    expect(await shown('This link is no longer valid')).toBe('This link is no longer valid');
    await tab.getByLabel('Email of your account').fill(user.email);
    await tab.getByRole('button', { name: 'Send a new link' }).click();
    expect(await shown('Look into your mailbox')).toBe('Look into your mailbox');
    await tab.goto(await resetLink(user.email, 2));
    await setPassword('third correct horse');
    expect(await shown('Your password is changed')).toBe('Your password is changed');
    expect(await logIn(user.email, 'third correct horse')).toHaveProperty('accessToken');
    expect(complaints).toEqual([]);
  });

  test('open a locked account, and end the session of a new device, by the links in the mails about them', async () => {
    const user = await newUser(system.api);
    const strange = { headers: { 'X-Forwarded-For': '198.51.100.7' } };
    const { email, password } = user;
    const body = { email, password };
    const { refreshToken } = (await system.api.call('POST', '/api/auth/login', { body, ...strange })).body;
    for (let i = 0; i < 2; i++) await logIn(email, 'wrong horse');
    expect((await logIn(email, password)).code).toBe('login_locked');
    const [locked] = await waitForMails(email, 1, 'Logins to your account are locked for a while');
    const [device] = await waitForMails(email, 1, 'A login from a new device');
    await tab.goto(linkIn(locked!));
    await setPassword('second correct horse');
    expect(await shown('Your password is changed')).toBe('Your password is changed');
    expect(await logIn(email, 'second correct horse')).toHaveProperty('accessToken');
    const refreshed = await system.api.call('POST', '/api/auth/refresh', { body: { refreshToken } });
    expect(refreshed.body.code).toBe('invalid_refresh_token');
    expect(new URL(linkIn(device!)).pathname).toBe('/reset-password');
  });

  test('confirm an email with the password of the account, and end nothing', async () => {
    const user = await newUser(system.api);
    await tab.goto(await verifyLink(user.email));
    await enter(user.password, 'Confirm email');
    expect(await shown('Your email is confirmed')).toBe('Your email is confirmed');
    expect((await user.call('GET', '/api/users/me')).status).toBe(200);
    expect((await logIn(user.email, user.password)).user.emailVerified).toBe(true);
  });

  test('give an account that a stranger registered to the owner of the mailbox', async () => {
    const stranger = await newUser(system.api);
    await tab.goto(await verifyLink(stranger.email));
    await enter('password1', 'Confirm email');
    expect(await said('This is one of the most common passwords')).toContain('Choose another one.');
    await enter('correct horse of the owner', 'Confirm email');
    expect(await shown('Your email is confirmed')).toBe('Your email is confirmed');
    expect((await stranger.call('GET', '/api/users/me')).body.code).toBe('token_revoked');
    expect((await logIn(stranger.email, 'correct horse of the owner')).user.emailVerified).toBe(true);
  });

  test('confirm a changed email without a password', async () => {
    const user = await newUser(system.api);
    const newEmail = buildAccount().email;
    const body = { currentPassword: user.password, newEmail };
    expect((await user.call('POST', '/api/auth/change-email', { body })).status).toBe(202);
    const link = linkIn((await waitForMails(newEmail, 1))[0]!);
    expect(new URL(link).pathname).toBe('/change-email');
    await tab.goto(link);
    await tab.getByRole('button', { name: 'Confirm new email' }).click();
    expect(await shown('Your email is changed')).toBe('Your email is changed');
    expect((await logIn(newEmail, user.password)).user.email).toBe(newEmail);
  });

  test.each(['', '#token=', '#other=1'])('ask for a link when they have no token: %j', async (fragment) => {
    await open(`/reset-password${fragment}`);
    await tab.getByRole('button', { name: 'Send a new link' }).waitFor();
    await open(`/change-email${fragment}`);
    await tab.getByText('open the link in the mail').waitFor();
    expect(await tab.getByRole('button').count()).toBe(0);
  });

  test('take nothing but a token from the link', async () => {
    const calls: string[] = [];
    tab.on('request', (request) => calls.push(`${request.method()} ${new URL(request.url()).pathname}`));
    for (const [fragment, used] of [
      ['#token=<img src=x onerror=alert(1)>', undefined],
      ['#token=..%2f..%2fusers%2fme', undefined],
      ['#xtoken=AAAA', undefined],
      ['#utm_source=mail&token=AAAA', 'AAAA'],
      ['#token=AAAA&token=BBBB', 'AAAA'],
      ['?token=BBBB#token=AAAA', 'AAAA'],
    ] as const) {
      await tab.goto('about:blank');
      await open(`/reset-password${fragment}`);
      expect(tab.url()).toBe(`${system.urls.gateway}/reset-password`);
      calls.length = 0;
      if (used === undefined) await said('you need a link');
      else await setPassword('tenth correct horse').then(() => shown('This link is no longer valid'));
      const expected = used === undefined ? [] : [`PATCH /api/auth/reset-password/${used}`];
      expect([fragment, calls.filter((made) => !made.startsWith('GET '))]).toEqual([fragment, expected]);
    }
    tab.removeAllListeners('request');
    expect(complaints).toEqual([]);
  });

  test('share the API with an app of an allowed origin, which sends and reads its headers', async () => {
    const { token } = await newUser(system.api);
    const page = await openTab(system.urls.gateway);
    // Playwright answers preflights itself while it intercepts requests.
    await page.unrouteAll();
    await page.goto(serverUrl(app));
    const seen = await page.evaluate(
      async ([url, authorization]) => {
        const send = async (method: string, path: string, headers: object, body: object) => {
          const response = await fetch(url + path, {
            method,
            headers: { Authorization: authorization!, 'Content-Type': 'application/json', ...headers },
            body: JSON.stringify(body),
          });
          return [response.status, response.headers.get('Location'), response.headers.get('ETag')];
        };
        const created = await send('POST', '/api/notes', { 'Idempotency-Key': 'a-key' }, { title: 'a' });
        const ifMatch = { 'If-Match': String(created[2]) };
        return [created, await send('PATCH', String(created[1]), ifMatch, { title: 'b' })];
      },
      [system.urls.gateway, `Bearer ${token}`],
    );
    expect(seen).toEqual([
      [201, expect.stringMatching(/^\/api\/notes\//), '"1"'],
      [200, null, '"2"'],
    ]);
  });

  test('say so when their script does not load', async () => {
    const slow = await openTab(system.urls.gateway);
    await slow.route('**/pages/*.js', (route) => route.abort());
    await slow.goto(`${system.urls.gateway}/reset-password${unknownToken}`);
    await slow.getByText('If nothing else appears here, reload the page.').waitFor();
    expect(await slow.getByRole('button').count()).toBe(0);
  });

  test('show a password on request, and hide it before it is sent, for password managers', async () => {
    await open(`/reset-password${unknownToken}`);
    const password = tab.getByLabel('New password');
    expect(await password.getAttribute('autocomplete')).toBe('new-password');
    await tab.getByRole('button', { name: 'Show password' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    await setPassword('fifth correct horse');
    expect(await shown('This link is no longer valid')).toBe('This link is no longer valid');
    expect(await tab.locator('#password').getAttribute('type')).toBe('password');
  });

  test('send one call when the button is pressed twice', async () => {
    const user = await newUser(system.api);
    await tab.goto(await resetLink(user.email));
    const calls: string[] = [];
    tab.on('request', (request) => calls.push(request.method()));
    await tab.getByLabel('New password').fill('sixth correct horse');
    await tab.getByRole('button', { name: 'Set new password' }).dblclick();
    expect(await shown('Your password is changed')).toBe('Your password is changed');
    expect(calls.filter((method) => method !== 'GET')).toEqual(['PATCH']);
    tab.removeAllListeners('request');
  });

  test('say that there was no answer, and let the person try again', async () => {
    const user = await newUser(system.api);
    await tab.goto(await resetLink(user.email));
    await tab.context().setOffline(true);
    await setPassword('seventh correct horse');
    expect(await said('There was no answer.')).toContain('Check your connection and try again.');
    await tab.context().setOffline(false);
    await setPassword('seventh correct horse');
    expect(await shown('Your password is changed')).toBe('Your password is changed');
  });

  test('say that a service is unavailable and that the change may have been made', async () => {
    const user = await newUser(system.api);
    await tab.goto(await resetLink(user.email));
    process.kill(system.pid('auth-service'), 'SIGSTOP');
    try {
      await setPassword('eighth correct horse');
      expect(await said('The service is unavailable.')).toContain('the change was made the first time');
    } finally {
      process.kill(system.pid('auth-service'), 'SIGCONT');
    }
  });

  test('say that they need JavaScript', async () => {
    const plain = await openTab(system.urls.gateway, { javaScriptEnabled: false });
    for (const path of pages) {
      await plain.goto(`${system.urls.gateway}${path}${unknownToken}`);
      expect(await plain.locator('main').innerText()).toMatch(/needs JavaScript/);
      expect(await plain.getByRole('button').count()).toBe(0);
    }
  });

  test('say how long to wait after too many attempts', async () => {
    await open(`/reset-password${unknownToken}`);
    const reset = () =>
      system.api.call('PATCH', '/api/auth/reset-password/x', { body: { password: 'ninth correct horse' } });
    for (let i = 0; i < 40; i++) await reset();
    await setPassword('ninth correct horse');
    expect(await said('There were too many attempts.')).toMatch(/Try again in \d+ seconds?\./);
  });

  describe('in every state', () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const showEverything = `
      for (const element of document.querySelectorAll('[hidden]')) element.hidden = false;
      for (const element of document.querySelectorAll('.problem, .field-error')) element.textContent = 'No.'`;
    const violations = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))`;

    test.each(['light', 'dark'] as const)('are accessible in %s colours', async (colorScheme) => {
      const small = await openTab(system.urls.gateway, {
        colorScheme,
        viewport: { width: 320, height: 640 },
      });
      for (const path of pages) {
        await small.goto(`${system.urls.gateway}${path}${unknownToken}`);
        await small.evaluate(showEverything);
        await small.evaluate(axe);
        expect([path, await small.evaluate(violations)]).toEqual([path, []]);
        expect(await small.evaluate('document.documentElement.scrollWidth')).toBe(320);
      }
    });
  });

  describe('of the API reference', () => {
    /** Opens an operation, sends the call that the page proposes, and returns the answer on the page. */
    async function tryIt(operationId: string) {
      const operation = tab.locator(`#operations-${operationId}`);
      await operation.locator('.opblock-summary').click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      const answer = operation.locator('.live-responses-table');
      return {
        status: await answer.locator('tbody .response-col_status').innerText(),
        text: await answer.innerText(),
      };
    }

    test('can use a token and try calls, without another host', async () => {
      const user = await newUser(system.api);
      await tab.goto(`${system.urls.gateway}/docs/`);
      await tab.getByRole('button', { name: 'Authorize', exact: true }).click();
      await tab.getByLabel('auth-bearer-value').fill(user.token);
      await tab.getByLabel('Apply credentials').click();
      await tab.getByRole('button', { name: 'Close', exact: true }).click();

      const read = await tryIt('Users-getApiUsersMe');
      expect(read.status).toMatch(/^200/);
      expect(read.text).toContain(user.email);
      expect(read.text).toMatch(/Request duration\s+\d+ ms/);

      // Sends the example of the reference.
      const changed = await tryIt('Users-patchApiUsersUpdateMe');
      expect(changed.status).toMatch(/^200/);
      expect((await user.call('GET', '/api/users/me')).body.bio).toBe('Writes things down');

      expect(foreign).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
});
