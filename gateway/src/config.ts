import { env, processEnv, readEnv, tokenEnv } from '@polyglot-notes/service-kit';
import proxyAddr from 'proxy-addr';
import { z } from 'zod';
import { services, type UrlVariable } from './services.ts';

const upstreamUrl = (name: string) =>
  env
    .url('http')
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({ description: `URL of ${name}, \`http\` only.`, setBy: 'deployment' });

const serviceUrls = Object.fromEntries(
  services.map(({ name, urlVariable }) => [urlVariable, upstreamUrl(`${name}-service`)]),
) as Record<UrlVariable, ReturnType<typeof upstreamUrl>>;

const isOrigin = (value: string) => /^https?:/.test(value) && URL.parse(value)?.origin === value;

const origins = () =>
  z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine(
      (list) => list.every(isOrigin),
      'must be origins such as https://app.example.com, separated by commas',
    );

/** A list of addresses and networks, read as a function that says whether an address is in the list. */
const addresses = () =>
  z.string().transform((list, context) => {
    try {
      return proxyAddr.compile(list.split(',').map((address) => address.trim()));
    } catch {
      context.addIssue('must be addresses or networks such as 10.0.0.0/8, separated by commas');
      return z.NEVER;
    }
  });

const common = processEnv(8000);

export const Settings = z.object({
  ...common,
  // One .env has `WORKERS` for the services behind the gateway.
  WORKERS: common.WORKERS.meta({ ...common.WORKERS.meta(), setBy: 'deployment' }),
  ...serviceUrls,
  UPSTREAM_TIMEOUT_MS: env.integer(50, 600_000).default(10_000).meta({
    description: 'Milliseconds that the gateway waits for a silent service.',
  }),
  UPSTREAM_LONG_TIMEOUT_MS: env.integer(1_000, 3_600_000).default(300_000).meta({
    description:
      'Milliseconds that the gateway waits for a silent service during a long call: an import, an export, a change of many notes, or a poll for changes.',
  }),
  ...tokenEnv,
  RATE_LIMIT_WINDOW_MS: env.integer(1_000, 3_600_000).default(60_000).meta({
    description: 'Length of the rate-limit window in milliseconds.',
  }),
  RATE_LIMIT_MAX: env.integer(0, 1_000_000).default(300).meta({
    description: 'Requests of one user or one address in a window. 0 turns the limit off.',
  }),
  RATE_LIMIT_AUTH_MAX: env.integer(0, 1_000_000).default(10).meta({
    description:
      'Requests of one address in a window to each operation that could serve to guess secrets, send mails or create accounts in bulk. 0 turns the limit off.',
  }),
  RATE_LIMIT_REFRESH_MAX: env.integer(0, 1_000_000).default(120).meta({
    description:
      'Requests of one address in a window for new tokens with a refresh token. A device sends one in 15 minutes, so the default lets 120 devices behind one address come back in the same minute. 0 turns the limit off.',
  }),
  REDIS_URL: env.url('redis', 'rediss').optional().meta({
    description: 'Valkey or Redis for counters that several gateways share: `redis://…` or `rediss://…`.',
    setBy: 'deployment',
  }),
  CORS_ORIGINS: origins().default([]).meta({
    description:
      'Origins whose pages may use the API, separated by commas. For example http://localhost:5173.',
  }),
  TRUSTED_PROXIES: addresses()
    .default(() => () => false)
    .meta({
      description:
        'Proxies in front of the gateway whose `X-Forwarded-For` is trusted: addresses or networks, separated by commas. For example 10.0.0.0/8. If it is empty, all clients behind a proxy share one limit.',
    }),
});

export type Config = ReturnType<typeof readConfig>;

export const readConfig = (environment = process.env) => readEnv(Settings, environment);
