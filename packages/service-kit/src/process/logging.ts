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
    destination ?? (output ??= standardOutput()),
  );
}

// A write of at most 4 KiB to a pipe is never mixed with one of another worker (PIPE_BUF of Linux, POSIX write).
const batch = { minLength: 3_072, maxWrite: 4_096, periodicFlush: 100 };
let output: DestinationStream | undefined;

/**
 * Standard output in batches: lines are written when they are some kilobytes, after a tenth of a second, with a line of level
 * `warn` or above, and at exit.
 */
function standardOutput(): DestinationStream {
  const batches = pino.destination({ sync: true, ...batch });
  process.on('exit', () => batches.flushSync());
  return {
    // Lets pino set `lastLevel` before each line.
    [pino.symbols.needsMetadataGsym]: true,
    lastLevel: 0,
    write(line: string): void {
      batches.write(line);
      if (this.lastLevel >= pino.levels.values['warn']!) batches.flushSync();
      this.lastLevel = 0;
    },
  } as DestinationStream & { lastLevel: number };
}

/**
 * Creates a function that writes a line of level `info` or `debug` without the work that pino has with each object. `fields`
 * is JSON without its braces, and is not redacted.
 */
export function createLineWriter(log: Logger, level: 'info' | 'debug', message: string) {
  const { streamSym, chindingsSym, timeSym } = pino.symbols;
  const parts = log as unknown as Record<symbol, unknown>;
  const stream = parts[streamSym] as DestinationStream;
  const time = parts[timeSym] as () => string;
  const begin = `{"level":"${level}"`;
  const end = `,"msg":${JSON.stringify(message)}}\n`;
  return (fields: string): void => {
    if (!log.isLevelEnabled(level)) return;
    stream.write(`${begin}${time()}${parts[chindingsSym] as string},${fields}${end}`);
  };
}

export type { Logger };
