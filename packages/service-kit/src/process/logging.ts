import { writeSync } from 'node:fs';
import { pino, type DestinationStream, type Logger } from 'pino';
import { errorCode } from './error-code.ts';
import { currentRequestId, currentSpan } from './request-scope.ts';

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

let lastSecond = 0;
let upToSecond = '';

/** The time as pino's own `isoTime` writes it. Many lines are written in the same second. */
function isoTime(): string {
  const now = Date.now();
  const ms = now % 1_000;
  if (now - ms !== lastSecond) {
    lastSecond = now - ms;
    upToSecond = new Date(lastSecond).toISOString().slice(0, -'000Z'.length);
  }
  return `,"time":"${upToSecond}${String(ms).padStart(3, '0')}Z"`;
}

/** A JSON logger to standard output, with the ids of request and trace. Redacts secrets at the top level and one level below. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: secretFields.flatMap((field) => [field, `*.${field}`]),
      mixin: () => {
        const requestId = currentRequestId();
        const span = currentSpan();
        return {
          ...(requestId !== undefined && { requestId }),
          ...(span !== undefined && { trace_id: span.traceId }),
        };
      },
    },
    destination ?? (output ??= standardOutput()),
  );
}

// A write of at most this size to a pipe is never mixed with one of another worker (PIPE_BUF of Linux, POSIX write).
const batchBytes = 4_096;
const batchMs = 100;
let output: DestinationStream | undefined;

/**
 * Standard output in batches of 4 KiB. A batch is written when the next line does not fit, after a tenth of a second, with a
 * line of level `warn` or above, and at exit.
 */
function standardOutput(): DestinationStream {
  let batch = '';
  let bytes = 0;
  function flush(): void {
    if (bytes > 0) writeToStandardOutput(Buffer.from(batch));
    batch = '';
    bytes = 0;
  }
  setInterval(flush, batchMs).unref();
  process.on('exit', flush);
  return {
    // Lets pino set `lastLevel` before each line.
    [pino.symbols.needsMetadataGsym]: true,
    lastLevel: 0,
    write(line: string): void {
      const lineBytes = Buffer.byteLength(line);
      if (bytes + lineBytes > batchBytes) flush();
      batch += line;
      bytes += lineBytes;
      if (this.lastLevel >= pino.levels.values['warn']!) flush();
      this.lastLevel = 0;
    },
  } as DestinationStream & { lastLevel: number };
}

const retryMs = 10;
const maxRetries = 200;
const never = new Int32Array(new SharedArrayBuffer(4));

/** Waits for a reader that is slow. What cannot be written is lost: logs must not stop a service. */
function writeToStandardOutput(bytes: Buffer): void {
  let written = 0;
  let retries = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(process.stdout.fd, bytes, written);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN' || ++retries > maxRetries) return;
      Atomics.wait(never, 0, 0, retryMs);
    }
  }
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
