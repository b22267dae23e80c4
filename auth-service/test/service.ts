import { randomBytes, randomUUID } from 'node:crypto';
import { listening } from '@polyglot-notes/service-kit/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import { startUserService } from './user-service-stand-in.ts';

const USER_TO_AUTH_SECRET = 'the-secret-that-user-and-auth-share';

export const freshEnvironment = (userServiceUrl = 'http://127.0.0.1:1') => ({
  MONGODB_URL: process.env['TEST_MONGODB_URL'],
  MONGODB_DATABASE: `${process.env['TEST_MONGODB_PREFIX']}${randomUUID().slice(0, 8)}`,
  USER_SERVICE_URL: userServiceUrl,
  AUTH_TO_USER_SECRET: 'x'.repeat(32),
  USER_TO_AUTH_SECRET,
  SMTP_URL: process.env['TEST_SMTP_URL'],
  PUBLIC_URL: 'https://notes.example.com/',
  INTERNAL_TIMEOUT_MS: '200',
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  BCRYPT_COST: '4',
  LOG_LEVEL: 'silent',
});

/** The service on a database of its own, with a user-service in memory behind it. */
export async function startService() {
  const userService = await startUserService();
  const context = await createContext(readConfig(freshEnvironment(userService.url)));
  const server = await listening(createApp(context));
  return {
    userService,
    context,
    server,
    register: (body: object) => request(server).post('/api/auth/register').send(body),
    login: (body: object) => request(server).post('/api/auth/login').send(body),
    credentials: () => context.db.collection('credentials').find().toArray(),
    async close() {
      userService.close();
      server.close();
      await context.close();
    },
  };
}

let accounts = 0;

/** What a new person would register with. */
export function newAccount() {
  accounts++;
  return {
    email: `person-${accounts}@example.com`,
    password: `correct horse ${accounts}`,
    username: `person-${accounts}`,
  };
}
