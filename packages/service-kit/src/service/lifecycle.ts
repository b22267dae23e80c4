import cluster from 'node:cluster';
import { setMaxListeners } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createHttpServer } from '../http/http-server.ts';
import { createLogger, type Logger } from '../process/logging.ts';
import type { Metrics } from '../process/metrics.ts';
import type { Answer } from '../process/peer.ts';
import { StartError } from '../process/start-error.ts';
import { listen } from './listen.ts';
import { serveMetrics } from './metrics-server.ts';
import { awaitStop, type Shutdown, type StopRequest } from './shutdown.ts';
import { runWorkers, type WorkerFailure } from './workers.ts';

// Clients on kept-alive connections get `Connection: close` with their next response.
const graceMs = 1_000;
const drainMs = 10_000;
const closeMs = 5_000;
const loadMs = 2_000;

export interface ServiceContext {
  log: Logger;
  metrics: Metrics;
  /** Whether it has what it reads from other services at its start. The server listens then, or two seconds later. */
  isLoaded?(this: void): boolean;
  close(): Promise<void>;
}

interface ServiceDefinition<Config, Context> {
  name: string;
  readConfig: () => Config;
  createContext: (config: Config) => Promise<Context>;
  createApp: (context: Context, shutdown: Shutdown) => RequestListener;
  /** Runs once the server listens. A failure stops the process. */
  afterListen?: (context: Context) => Promise<void>;
  /** Answers of the primary process to the calls of its workers, by topic. */
  answers?: Readonly<Record<string, Answer>>;
}

interface ServiceConfig {
  HOST: string;
  PORT: number;
  METRICS_PORT?: number | undefined;
  SEND_TIMEOUT_MS: number;
  KEEP_ALIVE_TIMEOUT_MS: number;
  SHUTDOWN_DELAY_MS: number;
  PUBLIC_URL?: string | undefined;
  LOG_LEVEL: string;
  WORKERS: number;
}

/**
 * Runs a service until SIGTERM, SIGINT or the end of its parent process. Then it stops in order: not ready, wait for
 * SHUTDOWN_DELAY_MS or a second signal, drain, close the context, exit with 0. A failed start prints one message and exits with 1. A parent process with an IPC channel gets
 * the message `listening`. With `WORKERS`, this process runs so many others, which serve the requests
 * and end with it. This process serves the metrics.
 */
export async function runService<Config extends ServiceConfig, Context extends ServiceContext>(
  definition: ServiceDefinition<Config, Context>,
): Promise<void> {
  const stop = awaitStop();
  try {
    const config = definition.readConfig();
    if (config.METRICS_PORT === config.PORT)
      throw new StartError(`METRICS_PORT and PORT are both ${config.PORT}: give one of them another port.`);
    const isPrimary = cluster.isPrimary && config.WORKERS > 1;
    const run = isPrimary ? runPrimary : serve;
    process.exit((await run(definition, config, stop)) ? 0 : 1);
  } catch (error) {
    if (error instanceof StartError) await reportFailure(error.message);
    else console.error(error);
    process.exit(1);
  }
}

const runPrimary = <Config extends ServiceConfig, Context>(
  { name, answers = {} }: ServiceDefinition<Config, Context>,
  config: Config,
  stop: StopRequest,
): Promise<boolean> =>
  runWorkers({
    count: config.WORKERS,
    answers,
    log: createLogger(name, config.LOG_LEVEL),
    metricsAddress: config,
    stop,
    delayMs: config.SHUTDOWN_DELAY_MS,
    onListening: notifyParent,
  });

/** Serves requests until `stop`. Resolves with whether nothing failed after the service listened. */
async function serve<Config extends ServiceConfig, Context extends ServiceContext>(
  { createContext, createApp, afterListen = async () => {} }: ServiceDefinition<Config, Context>,
  config: Config,
  stop: StopRequest,
): Promise<boolean> {
  const context = await createContext(config);
  const { log, metrics } = context;
  try {
    const [stopping, draining] = [new AbortController(), new AbortController()];
    // Every request that waits listens to it.
    setMaxListeners(0, draining.signal);
    const app = createApp(context, { stopping: stopping.signal, draining: draining.signal });
    const server = createHttpServer(app, log, {
      sendMs: config.SEND_TIMEOUT_MS,
      keepAliveMs: config.KEEP_ALIVE_TIMEOUT_MS,
      draining: draining.signal,
      publicUrl: config.PUBLIC_URL,
    });
    const endMetrics = cluster.isWorker ? () => {} : await serveMetrics(metrics, config, log);
    if (config.METRICS_PORT !== undefined) metrics.start();
    const isStopped = await Promise.race([waitUntilLoaded(context), stop.reason.then(() => true)]);
    if (!isStopped) {
      await listen(server, { setting: 'PORT', port: config.PORT, host: config.HOST });
      log.info({ host: config.HOST, port: config.PORT }, 'listening');
      notifyParent();

      const reason = await Promise.race([stop.reason, afterListen(context).then(() => stop.reason)]);
      const { SHUTDOWN_DELAY_MS: delayMs } = config;
      log.info({ reason, delayMs }, 'stopping');
      stopping.abort();
      if (delayMs > 0) await Promise.race([stop.urgent, delay(delayMs, undefined, { ref: false })]);
      draining.abort();
      await drain(server);
    }
    metrics.close();
    await Promise.race([context.close(), delay(closeMs, undefined, { ref: false })]);
    endMetrics();
    log.info('stopped');
    return true;
  } catch (error) {
    if (error instanceof StartError) throw error;
    log.fatal({ err: error }, 'stopped by an error');
    return false;
  }
}

/**
 * Waits until the context is loaded, because name servers such as Docker's send requests to all instances, ready or not. It does
 * not wait for long, because other services may be unavailable.
 */
async function waitUntilLoaded({ isLoaded = () => true, log }: ServiceContext): Promise<void> {
  for (const deadline = performance.now() + loadMs; !isLoaded(); await delay(10))
    if (performance.now() >= deadline) {
      log.warn('other services are unavailable: listening without what they send at the start');
      return;
    }
}

/** Tells the parent process that this server, and no other one, has the port. The parent may have ended meanwhile. */
function notifyParent(): void {
  process.send?.('listening', () => {});
}

/** Prints why the service cannot start. In a worker, its primary process does, once for all workers. */
async function reportFailure(failure: string): Promise<void> {
  if (!cluster.isWorker) return console.error(failure);
  const message: WorkerFailure = { failure };
  await new Promise((sent) => process.send?.(message, sent));
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
