import { z } from 'zod';
import { StartError } from './start-error.ts';

/**
 * Reads the variables that `schema` names from `env`. An empty value counts as not set.
 * Throws a StartError that lists every fault and no value, since values may be secrets.
 */
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
  throw new StartError(`The environment is not complete or not valid:\n${faults.join('\n')}`);
}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

const mustStartWith = (schemes: string[]) =>
  `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;

/** Schemas for single variables; the defaults are texts, as in the environment. */
export const env = {
  text: () => z.string(),
  integer,
  port: () => integer(1, 65_535),
  /** An absolute URL with one of these schemes, given without colon. */
  url: (...schemes: string[]) =>
    z.string().refine((value) => {
      const url = URL.parse(value);
      return url !== null && schemes.includes(url.protocol.slice(0, -1));
    }, mustStartWith(schemes)),
  /** A database URL, which may name several hosts as no other URL can. */
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

/** The variables of every process: where it listens and how much it logs. */
export const processEnv = (defaultPort: number) => ({
  HOST: z.string().default('127.0.0.1'),
  PORT: env.port().default(defaultPort),
  LOG_LEVEL: env.logLevel().default('info'),
});
