// The requests about mails, for the test that kills auth-service at each of their writes.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import {
  buildAccount,
  login,
  mailsTo,
  scaled,
  tokenIn,
  until,
  type Answer,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { expectKept, type Killed } from './kills.ts';

type Prepare = (
  api: Client,
  user: User,
) => Promise<{
  send: (headers: Record<string, string>) => Promise<Answer>;
  /** Checks what the answer of the killed request says, and that the request can be repeated. */
  expectDone: (answer: Killed['answer'], repeat: () => Promise<Answer>) => Promise<void>;
}>;

const password = 'new correct horse';

async function newestToken(address: string, subject: string): Promise<string> {
  const found = async () => (await mailsTo(address)).filter((mail) => mail.subject === subject);
  await until(async () => (await found()).length > 0);
  const mails = await found();
  expect(mails.length).toBeLessThanOrEqual(2);
  return tokenIn(mails.at(-1)!);
}

const isVerified = async (api: Client, user: { email: string; password: string }) =>
  (await login(api, user)).body.user?.emailVerified === true;

const reset = (api: Client, token: string, headers = {}) =>
  api.call('PATCH', `/api/auth/reset-password/${token}`, { body: { password }, headers });

async function mailedToken(api: Client, user: User, path: string, subject: string): Promise<string> {
  await api.call('POST', path, { body: { email: user.email } });
  return newestToken(user.email, subject);
}

export const mailRequests: Record<string, Prepare> = {
  forgotPassword: async (api, user) => ({
    async send(headers) {
      const answer = await api.call('POST', '/api/auth/forgot-password', {
        body: { email: user.email },
        headers,
      });
      // The mail is requested after the answer.
      await delay(scaled(300));
      return answer;
    },
    async expectDone(_answer, repeat) {
      expect((await repeat()).status).toBe(202);
      const token = await newestToken(user.email, 'Choose a new password');
      expect((await reset(api, token)).status).toBe(204);
    },
  }),

  async resetPassword(api, user) {
    const token = await mailedToken(api, user, '/api/auth/forgot-password', 'Choose a new password');
    return {
      send: (headers) => reset(api, token, headers),
      async expectDone(answer, repeat) {
        const isChanged = (await login(api, { ...user, password })).status === 200;
        expectKept(answer, isChanged);
        expect((await repeat()).status).toBe(isChanged ? 400 : 204);
        await until(async () =>
          (await mailsTo(user.email)).some(({ subject }) => subject === 'Your password was changed'),
        );
      },
    };
  },

  async verifyEmail(api, user) {
    const token = await mailedToken(api, user, '/api/auth/resend-verification', 'Confirm your email');
    return {
      send: (headers) =>
        api.call('POST', '/api/auth/verify-email', { body: { token, password: user.password }, headers }),
      async expectDone(answer, repeat) {
        const isDone = await isVerified(api, user);
        expectKept(answer, isDone);
        expect((await repeat()).status).toBe(isDone ? 400 : 204);
        expect(await isVerified(api, user)).toBe(true);
      },
    };
  },

  async changeEmail(api, user) {
    const { email: newEmail } = buildAccount();
    return {
      send: (headers) =>
        user.call('POST', '/api/auth/change-email', {
          body: { currentPassword: user.password, newEmail },
          headers,
        }),
      async expectDone(answer, repeat) {
        // An acknowledged change is mailed without a repeat.
        if (answer === 'no answer' || answer.status !== 202) expect((await repeat()).status).toBe(202);
        const token = await newestToken(newEmail, 'Confirm your new email');
        const { status } = await user.call('POST', '/api/auth/verify-email', { body: { token } });
        expect(status).toBe(204);
        expect(await isVerified(api, { ...user, email: newEmail })).toBe(true);
      },
    };
  },
};
