// The requests about mails, for the test that kills auth-service at each of their steps.
import { expect } from '@jest/globals';
import {
  buildAccount,
  login,
  mailsTo,
  newUser,
  tokenIn,
  until,
  type Answer,
  type CallOptions,
  type Client,
  type User,
} from '@polyglot-notes/service-kit/testing';
import { expectKept, type Killed, type RequestToKill } from './kills.ts';

interface Prepared {
  send: (options: CallOptions) => Promise<Answer>;
  /** Checks what the answer of the killed request says, and that the request can be repeated. */
  check: (answer: Killed['answer'], repeat: () => Promise<Answer>) => AsyncGenerator<void, void, void>;
}

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

const reset = (api: Client, token: string, options: CallOptions = {}) =>
  api.call('PATCH', `/api/auth/reset-password/${token}`, { body: { password }, ...options });

async function mailedToken(api: Client, user: User, path: string, subject: string): Promise<string> {
  await api.call('POST', path, { body: { email: user.email } });
  return newestToken(user.email, subject);
}

const forgotPassword = async (api: Client, { email }: User): Promise<Prepared> => ({
  send: (options) => api.call('POST', '/api/auth/forgot-password', { body: { email }, ...options }),
  async *check(_answer, repeat) {
    expect((await repeat()).status).toBe(202);
    yield;
    const token = await newestToken(email, 'Choose a new password');
    expect((await reset(api, token)).status).toBe(204);
  },
});

async function resetPassword(api: Client, user: User): Promise<Prepared> {
  const token = await mailedToken(api, user, '/api/auth/forgot-password', 'Choose a new password');
  return {
    send: (options) => reset(api, token, options),
    async *check(answer, repeat) {
      const isChanged = (await login(api, { ...user, password })).status === 200;
      expectKept(answer, isChanged);
      expect((await repeat()).status).toBe(isChanged ? 400 : 204);
      yield;
      await until(async () =>
        (await mailsTo(user.email)).some(({ subject }) => subject === 'Your password was changed'),
      );
    },
  };
}

async function verifyEmail(api: Client, user: User): Promise<Prepared> {
  const token = await mailedToken(api, user, '/api/auth/resend-verification', 'Confirm your email');
  const body = { token, password: user.password };
  return {
    send: (options) => api.call('POST', '/api/auth/verify-email', { body, ...options }),
    async *check(answer, repeat) {
      const isDone = await isVerified(api, user);
      expectKept(answer, isDone);
      expect((await repeat()).status).toBe(isDone ? 400 : 204);
      yield;
      expect(await isVerified(api, user)).toBe(true);
    },
  };
}

async function changeEmail(api: Client, user: User): Promise<Prepared> {
  const { email: newEmail } = buildAccount();
  const body = { currentPassword: user.password, newEmail };
  return {
    send: (options) => user.call('POST', '/api/auth/change-email', { body, ...options }),
    async *check(answer, repeat) {
      // An acknowledged change is mailed without a repeat.
      if (answer === 'no answer' || answer.status !== 202) expect((await repeat()).status).toBe(202);
      yield;
      const token = await newestToken(newEmail, 'Confirm your new email');
      const { status } = await user.call('POST', '/api/auth/verify-email', { body: { token } });
      expect(status).toBe(204);
      expect(await isVerified(api, { ...user, email: newEmail })).toBe(true);
    },
  };
}

const requests = {
  'asking for a link to a new password': forgotPassword,
  'choosing a new password by a link': resetPassword,
  'confirming an email': verifyEmail,
  'asking for another email': changeEmail,
};

export const mailRequests = Object.entries(requests).map(([name, prepare]): RequestToKill => ({
  name,
  outcome: 'takes effect or can be repeated, and each link works',
  services: ['auth-service'],
  // auth-service does the work of these requests one at a time, after its answer.
  ...(prepare === forgotPassword && { atOnce: 1, isWorthAKill: (step) => !step.startsWith('before') }),
  prepare: async ({ api, expectAgreement }) => {
    const user = await newUser(api);
    const { send, check } = await prepare(api, user);
    return {
      send,
      async *check({ answer }) {
        yield* check(answer, () => send({}));
        yield;
        await expectAgreement(user.id);
      },
    };
  },
}));
