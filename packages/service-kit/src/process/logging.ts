import { pino, type DestinationStream, type Logger } from 'pino';
import { currentRequestId } from './request-scope.ts';

const secretFields = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'authorization',
  'cookie',
];

/** Leaves out an error's own properties, which may contain request bodies, headers and connection strings. */
function describeError(error: unknown): unknown {
  if (!Error.isError(error)) return error;
  const code = 'code' in error ? error.code : undefined;
  const { name, message, stack, cause } = error;
  return { type: name, message, code, stack, cause: cause === undefined ? undefined : describeError(cause) };
}

/** A JSON logger to standard output, with the request id. Redacts secrets at the top level and one level below. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: secretFields.flatMap((field) => [field, `*.${field}`]),
      mixin: () => {
        const requestId = currentRequestId();
        return requestId === undefined ? {} : { requestId };
      },
    },
    destination ?? pino.destination({ sync: true }),
  );
}

export type { Logger };
