import { once, setMaxListeners } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../process/error-code.ts';
import { createHttpServer } from '../http/http-server.ts';
import type { Logger } from '../process/logging.ts';
import { StartError } from '../process/start-error.ts';

// Clients on kept-alive connections get `Connection: close` with their next response.
const graceMs = 1_000;
const drainMs = 10_000;
const closeMs = 5_000;

export interface ServiceContext {
  log: Logger;
  close(): Promise<void>;
}

interface ServiceDefinition<Config, Context> {
  readConfig: () => Config;
  createContext: (config: Config) => Promise<Context>;
  /** `draining` aborts when the service begins to shut down. */
  createApp: (context: Context, draining: AbortSignal) => RequestListener;
  /** Runs once the server listens. A failure stops the process. */
  afterListen?: (context: Context) => Promise<void>;
}

/**
 * Runs a service until SIGTERM, SIGINT or the end of its parent process. Then it stops in order: not ready, drain, close
 * the context, exit with 0. A failed start prints one message and exits with 1. A parent process with an IPC channel gets
 * the message `listening`.
 */
export async function runService<
  Config extends { HOST: string; PORT: number; SEND_TIMEOUT_MS: number },
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
    const draining = new AbortController();
    // Every request that waits listens to it.
    setMaxListeners(0, draining.signal);
    const server = createHttpServer(createApp(context, draining.signal), context.log, {
      sendMs: config.SEND_TIMEOUT_MS,
      draining: draining.signal,
    });
    await listen(server, config.PORT, config.HOST);
    log.info({ host: config.HOST, port: config.PORT }, 'listening');
    // Tells the parent process that this server, and no other one, has the port. The parent may have ended meanwhile.
    process.send?.('listening', () => {});

    const reason = await Promise.race([stopping.promise, afterListen(context).then(() => stopping.promise)]);
    log.info({ reason }, 'stopping');
    draining.abort();
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

/** Listens on a port. Throws a StartError when that is not possible. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const reason = String(errorCode(cause) ?? cause);
    throw new StartError(`Cannot listen on port ${port} of ${host} (${reason}).`, { cause });
  }
}

/** Stops accepting connections, and closes idle ones only after a grace period, unlike the close of an HTTP server. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<unknown>((resolve) => NetServer.prototype.close.call(server, resolve));
  await Promise.race([closed, delay(graceMs, undefined, { ref: false })]);
  server.closeIdleConnections();
  const timeout = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timeout);
}
