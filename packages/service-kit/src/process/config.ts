import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { errorCode } from './error-code.ts';
import { parsePlainUrl } from './plain-url.ts';
import { faultOfSecrets, faultsOfSharedSecrets, secretsOf } from './secret-faults.ts';
import { StartError } from './start-error.ts';

/**
 * Reads the variables of `schema`. `NAME_FILE` names a file with the value of `NAME`, whose last line break does not belong
 * to it. An empty value is not set, but an empty file is an error. Two settings that are declared as secrets must differ.
 * Throws a StartError that lists all errors without values, which may be secrets.
 */
export function readEnv<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Record<string, string | undefined>,
): Readonly<z.output<z.ZodObject<Shape>>> {
  const given = new Map(Object.keys(schema.shape).map((name) => [name, readVariable(name, env)]));
  const result = schema.safeParse(Object.fromEntries([...given].map(([name, { value }]) => [name, value])));
  const faults = [...given.values()].flatMap(({ fault }) => fault ?? []);
  for (const { path, message } of result.error?.issues ?? []) {
    const name = path.join('.');
    const variable = given.get(name);
    if (variable?.fault === undefined)
      faults.push(`${name}: ${variable?.value === undefined ? 'is not set' : message}`);
  }
  for (const { name, fault } of faultsOfSharedSecrets(secretsIn(schema, given)))
    faults.push(`${name}: ${fault}`);
  if (result.success && faults.length === 0) return Object.freeze(result.data);
  const lines = faults.map((fault) => `  ${fault}`).join('\n');
  throw new StartError(`The settings are incomplete or invalid:\n${lines}`);
}

/** The settings that are declared as secrets, and that are set. */
const secretsIn = (schema: z.ZodObject, given: ReadonlyMap<string, Variable>) =>
  Object.entries<z.ZodType>(schema.shape).flatMap(([name, field]) => {
    const value = given.get(name)?.value;
    return field.meta()?.['secret'] === true && value !== undefined ? [[name, value] as const] : [];
  });

interface Variable {
  value: string | undefined;
  /** Why the value cannot be used. */
  fault?: string;
}

/** The value of a variable, from the environment or from its file. */
function readVariable(name: string, env: Record<string, string | undefined>): Variable {
  const value = env[name] || undefined;
  const path = env[`${name}_FILE`];
  if (!path) return { value };
  if (value !== undefined) return { value, fault: `${name}_FILE: is set together with ${name}` };
  try {
    const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return content === '' ? { value, fault: `${name}_FILE: is empty` } : { value: content };
  } catch (error) {
    return { value, fault: `${name}_FILE: cannot be read (${String(errorCode(error))})` };
  }
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

/** A decimal number from 0 to 1. */
const share = () =>
  z
    .string()
    .regex(/^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/, 'must be a number from 0 to 1, such as 0.1')
    .transform(Number);

const mustStartWith = (schemes: string[]) =>
  `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;

const mustBeUrl = (schemes: string[]) =>
  `${mustStartWith(schemes)}, without blanks${schemes.includes('http') ? ' and credentials' : ''}`;

export const env = {
  text: () => z.string(),
  integer,
  port: () => integer(1, 65_535),
  workers,
  share,
  flag: () => z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true'),
  /** An absolute URL with one of these schemes, such as `https`. */
  url: (...schemes: string[]) =>
    z.string().refine((value) => parsePlainUrl(value, schemes) !== undefined, mustBeUrl(schemes)),
  /** The URL of a page, to which a fragment can be added. */
  linkUrl: () => env.url('http', 'https').refine((url) => !url.includes('#'), 'must have no fragment (#…)'),
  /** A database URL, which may have several hosts. */
  databaseUrl: (...schemes: string[]) =>
    z
      .string()
      .refine(
        (value) =>
          schemes.some((scheme) => value.startsWith(`${scheme}://`) && value.length > scheme.length + 3),
        mustStartWith(schemes),
      ),
  /** Secrets separated by commas. */
  secrets: () =>
    z.string().transform((list, context) => {
      const fault = faultOfSecrets(list);
      if (fault !== undefined) context.addIssue(fault);
      return secretsOf(list) as [string, ...string[]];
    }),
  logLevel: () =>
    z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be a log level such as info',
    ),
};

// Every setting has a description. `setBy: 'deployment'` marks a setting whose value follows from where the parts of the
// system run; all others are for the operator's .env. `secret: true` marks a secret that the system generates.

const publicUrl = () =>
  env
    .linkUrl()
    .refine((url) => !url.includes('?'), 'must have no query (?…)')
    .transform((url) => url.replace(/\/+$/, ''));

/** The settings of every process: ports, workers, how long it keeps connections, how it stops, links, logs and traces. */
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
  SEND_TIMEOUT_MS: env.integer(1_000, 3_600_000).default(300_000).meta({
    description:
      'Milliseconds without progress after which a response that the client does not read is ended. It can take twice as long. A client makes progress with each 1.4 MB or less, depending on the buffers of the kernel, so it must read at least 5 kB/s.',
  }),
  KEEP_ALIVE_TIMEOUT_MS: env.integer(1_000, 86_400_000).default(75_000).meta({
    description:
      'Milliseconds until an idle connection is closed. A load balancer in front must close it earlier, or it may send a request on a connection that is being closed.',
  }),
  SHUTDOWN_DELAY_MS: env.integer(0, 300_000).default(0).meta({
    description:
      'Milliseconds for which a service still accepts requests after SIGTERM, while `/health/ready` is a 503, so that load balancers notice.',
    setBy: 'deployment',
  }),
  PUBLIC_URL: publicUrl().optional().meta({
    description:
      'URL of the gateway, for the links of problems. If it is empty, the `type` of a problem is `about:blank`.',
    setBy: 'deployment',
  }),
  LOG_LEVEL: env.logLevel().default('info').meta({
    description: 'Lowest level that is logged: fatal, error, warn, info, debug, trace or silent.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: env.url('http', 'https').optional().meta({
    description:
      'OpenTelemetry collector that gets traces by OTLP over HTTP, for example http://collector:4318. If it is empty, nothing is traced.',
  }),
  OTEL_TRACES_SAMPLER_ARG: env.share().default(1).meta({
    description: 'Share of the requests and of the background work that is traced, 0 to 1.',
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

/** The secrets of one service's calls to another; both have them. The first signs, and all are accepted. */
export const pairSecrets = (caller: string, callee: string) =>
  env.secrets().meta({
    description: `Secret that signs the calls of ${caller} to ${callee}. Of several, separated by commas, the first signs and all are accepted.`,
    secret: true,
  });

/** Where another service is reached. */
export const serviceUrl = (name: string) =>
  env.url('http', 'https').meta({ description: `URL of ${name}.`, setBy: 'deployment' });
