import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parsePlainUrl } from './plain-url.ts';
import { StartError } from './start-error.ts';

/** Reads the variables of `schema`. Throws a StartError that lists all errors without values, which may be secrets. */
export function readEnv<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Record<string, string | undefined>,
): Readonly<z.output<z.ZodObject<Shape>>> {
  const given = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, env[name] || undefined]));
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const faults = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `  ${name}: ${env[name] ? issue.message : 'is not set'}`;
  });
  throw new StartError(`The settings are incomplete or invalid:\n${faults.join('\n')}`);
}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

const maxWorkers = 64;

/** A number of processes, or `auto` for as many as the process may use cores. */
const workers = () =>
  z
    .string()
    .regex(/^(?:auto|\d{1,3})$/, `must be a whole number from 1 to ${maxWorkers}, or auto`)
    .transform((value) => (value === 'auto' ? Math.min(maxWorkers, availableParallelism()) : Number(value)))
    .refine((n) => n >= 1 && n <= maxWorkers, `must be a whole number from 1 to ${maxWorkers}, or auto`);

const mustStartWith = (schemes: string[]) =>
  `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;

const mustBeUrl = (schemes: string[]) =>
  `${mustStartWith(schemes)}, without blanks${schemes.includes('http') ? ' and credentials' : ''}`;

export const env = {
  text: () => z.string(),
  integer,
  port: () => integer(1, 65_535),
  workers,
  flag: () => z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true'),
  /** An absolute URL with one of these schemes, such as `https`. */
  url: (...schemes: string[]) =>
    z.string().refine((value) => parsePlainUrl(value, schemes) !== undefined, mustBeUrl(schemes)),
  /** A database URL, which may have several hosts. */
  databaseUrl: (...schemes: string[]) =>
    z
      .string()
      .refine(
        (value) =>
          schemes.some((scheme) => value.startsWith(`${scheme}://`) && value.length > scheme.length + 3),
        mustStartWith(schemes),
      ),
  secret: () => z.string().min(32, 'must be at least 32 characters'),
  logLevel: () =>
    z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be a log level such as info',
    ),
};

// Every setting has a description. `setBy: 'deployment'` marks a setting whose value follows from where the parts of the
// system run; all others are for the operator's .env. `secret: true` marks a secret that the system generates.

/** The settings of every process: ports, workers, how long it keeps connections, how it stops, and how much it logs. */
export const processEnv = (defaultPort: number) => ({
  HOST: env.text().default('127.0.0.1').meta({ description: 'Address to listen on.', setBy: 'deployment' }),
  PORT: env.port().default(defaultPort).meta({ description: 'Port to listen on.', setBy: 'deployment' }),
  METRICS_PORT: env.port().optional().meta({
    description: 'Port that serves `/metrics` for Prometheus. If it is empty, nothing does.',
    setBy: 'deployment',
  }),
  WORKERS: env.workers().default(1).meta({
    description:
      'Processes that serve the requests: 1 to 64, or `auto` for one per core. With more than one, another process starts them, and replaces one that ends.',
  }),
  SEND_TIMEOUT_MS: env.integer(1_000, 600_000).default(30_000).meta({
    description:
      'Milliseconds without progress after which a response that the client does not read is ended. It can take twice as long.',
  }),
  KEEP_ALIVE_TIMEOUT_MS: env.integer(1_000, 3_600_000).default(75_000).meta({
    description:
      'Milliseconds until an idle connection is closed. A load balancer in front must close it earlier, or it may send a request on a connection that is being closed.',
  }),
  SHUTDOWN_DELAY_MS: env.integer(0, 300_000).default(0).meta({
    description:
      'Milliseconds for which a service that is told to stop still accepts requests while `/health/ready` is a 503, so that load balancers find out.',
    setBy: 'deployment',
  }),
  LOG_LEVEL: env.logLevel().default('info').meta({
    description: 'Lowest level that is logged: fatal, error, warn, info, debug, trace or silent.',
  }),
});

/** The settings of every process that issues or verifies access tokens. */
export const tokenEnv = {
  TOKEN_ISSUER: env.text().default('polyglot-notes').meta({
    description: 'Issuer (`iss`) of the access tokens. The same value in all services.',
  }),
  TOKEN_AUDIENCE: env.text().default('polyglot-notes').meta({
    description: 'Audience (`aud`) of the access tokens. The same value in all services.',
  }),
};

/** The settings of every process that calls other services. */
export const internalCallsEnv = {
  INTERNAL_TIMEOUT_MS: env.integer(50, 60_000).default(3_000).meta({
    description: 'Milliseconds that a service waits for another one, for each of two attempts.',
  }),
};

/** The secret that signs the calls of one service to another; both have it. */
export const pairSecret = (caller: string, callee: string) =>
  env.secret().meta({ description: `Secret that signs the calls of ${caller} to ${callee}.`, secret: true });

/** Where another service is reached. */
export const serviceUrl = (name: string) =>
  env.url('http', 'https').meta({ description: `URL of ${name}.`, setBy: 'deployment' });
