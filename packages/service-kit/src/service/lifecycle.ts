import { once } from 'node:events';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../process/error-code.ts';
import { createHttpServer } from '../http/http-server.ts';
import type { Logger } from '../process/logging.ts';
import { StartError } from '../process/start-error.ts';

// Long enough for clients on kept-alive connections to be told `Connection: close` with their next answer.
const graceMs = 1_000;
const drainMs = 10_000;
const closeMs = 5_000;

/** What a process is made of; `draining` turns true when it has been told to stop. */
export interface ServiceContext {
  log: Logger;
  close(): Promise<void>;
}

interface ServiceDefinition<Config, Context> {
  readConfig: () => Config;
  createContext: (config: Config) => Promise<Context>;
  createApp: (context: Context, draining: () => boolean) => RequestListener;
  /** What is to be done once other services can call; a failure ends the service as one of its start does. */
  afterListen?: (context: Context) => Promise<void>;
}

/**
 * Runs a service until SIGTERM, SIGINT or the end of the parent that started it, then stops in order: not ready, drain
 * (11 seconds at most), close the context (5 seconds at most), exit 0. What prevents the start is one message and exit code 1.
 */
export async function runService<
  Config extends { HOST: string; PORT: number },
  Context extends ServiceContext,
>({
  readConfig,
  createContext,
  createApp,
  afterListen = async () => {},
}: ServiceDefinition<Config, Context>): Promise<void> {
  const stopping = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.resolve(signal));
  process.on('disconnect', () => stopping.resolve('the parent process ended'));

  let log: Logger | undefined;
  try {
    const config = readConfig();
    const context = await createContext(config);
    log = context.log;
    let draining = false;
    const app = createApp(context, () => draining);
    const server = createHttpServer((req, res) => {
      closeConnectionAfter(res, () => draining);
      app(req, res);
    }, context.log);
    await listen(server, config.PORT, config.HOST);
    log.info({ host: config.HOST, port: config.PORT }, 'listening');

    const reason = await Promise.race([stopping.promise, afterListen(context).then(() => stopping.promise)]);
    log.info({ reason }, 'stopping');
    draining = true;
    await drain(server);
    await Promise.race([context.close(), delay(closeMs, undefined, { ref: false })]);
    log.info('stopped');
    process.exit(0);
  } catch (error) {
    if (error instanceof StartError) console.error(error.message);
    else if (log) log.fatal({ err: error }, 'stopped by an error');
    else console.error(error);
    process.exit(1);
  }
}

function closeConnectionAfter(res: ServerResponse, draining: () => boolean): void {
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => typeof res;
  res.writeHead = (...args: unknown[]) => {
    if (draining()) res.setHeader('Connection', 'close');
    return writeHead(...args);
  };
}

/** Listens on a port. Throws a StartError when that is not possible. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const reason = String(errorCode(cause) ?? cause);
    throw new StartError(`Port ${port} of ${host} cannot be listened on (${reason}).`, { cause });
  }
}

/** Stops accepting at once, but cuts off no client that does not know yet: http's own close ends idle connections. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<unknown>((resolve) => NetServer.prototype.close.call(server, resolve));
  await Promise.race([closed, delay(graceMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(cutOff);
}
