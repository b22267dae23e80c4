import { env, processEnv, readEnv } from '@polyglot-notes/service-kit';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';

const serviceUrl = () => env.url('http').transform((url) => url.replace(/\/+$/, ''));

const isOrigin = (value: string) => /^https?:/.test(value) && URL.parse(value)?.origin === value;

const origins = () =>
  z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine(
      (list) => list.every(isOrigin),
      'must be origins such as https://app.example.com, separated by commas',
    );

/** Addresses and networks, as a test whether an address is among them. */
const addresses = () =>
  z.string().transform((list, context) => {
    try {
      return proxyAddr.compile(list.split(',').map((address) => address.trim()));
    } catch {
      context.addIssue('must be addresses or networks such as 10.0.0.0/8, separated by commas');
      return z.NEVER;
    }
  });

const Env = z.object({
  ...processEnv(8000),
  AUTH_SERVICE_URL: serviceUrl(),
  USER_SERVICE_URL: serviceUrl(),
  NOTES_SERVICE_URL: serviceUrl(),
  UPSTREAM_TIMEOUT_MS: env.integer(50, 600_000).default(10_000),
  TOKEN_ISSUER: env.text().default('polyglot-notes'),
  TOKEN_AUDIENCE: env.text().default('polyglot-notes'),
  RATE_LIMIT_WINDOW_MS: env.integer(1_000, 3_600_000).default(60_000),
  RATE_LIMIT_MAX: env.integer(0, 1_000_000).default(300),
  RATE_LIMIT_AUTH_MAX: env.integer(0, 1_000_000).default(10),
  /** Valkey or Redis, for counters that several gateways share. */
  REDIS_URL: env.url('redis', 'rediss').optional(),
  CORS_ORIGINS: origins().default([]),
  /** The proxies before the gateway whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: addresses().default(() => () => false),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Env, environment);
