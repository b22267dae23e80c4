import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import { createPeer, type Answer, type Peer } from '../process/peer.ts';
import type { Logger } from '../process/logging.ts';
import { StartError } from '../process/start-error.ts';
import { createMetricsOfWorkers } from '../process/worker-metrics.ts';
import { serveMetrics, type MetricsAddress } from './metrics-server.ts';
import { urgeTopic, type StopRequest } from './shutdown.ts';
import { createHealthOfWorkers } from './worker-health.ts';

// A worker drains and closes within 16 seconds after SHUTDOWN_DELAY_MS.
const stopMs = 18_000;
// The time to read the last message of a worker that has ended.
const lastMessageMs = 1_000;
// The pause before a worker is replaced grows while workers live shorter than this.
const steadyMs = 60_000;
const firstPauseMs = 100;
const longestPauseMs = 30_000;

/** What a worker tells the primary process when it cannot start. */
export interface WorkerFailure {
  failure: string;
}

/** How a worker has ended. */
interface End {
  description: string;
  isInOrder: boolean;
  /** Why it could not start or go on, for the operator. */
  failure: string | undefined;
  hadListened: boolean;
}

interface RunningWorker {
  pid: number | undefined;
  peer: Peer;
  /** Throws a StartError when the worker ends before it listens. */
  listening: Promise<void>;
  isListening: () => boolean;
  ended: Promise<End>;
  kill(signal: NodeJS.Signals): void;
  /** Ends the wait for SHUTDOWN_DELAY_MS. */
  urge(): void;
}

interface WorkersOptions {
  count: number;
  /** Answers to the calls of workers, by topic. */
  answers: Readonly<Record<string, Answer>>;
  log: Logger;
  metricsAddress: MetricsAddress;
  stop: StopRequest;
  /** SHUTDOWN_DELAY_MS, which each worker waits. */
  delayMs: number;
  onListening: () => void;
}

/**
 * Runs workers, which run the program of this process, until `stop`. The first one starts alone, so that a failure
 * that all share appears once. One that ends is replaced. Resolves with whether all have stopped in order. Throws a
 * StartError when one does not start at first, or gives a reason to stop later.
 */
export async function runWorkers({
  count,
  answers,
  log,
  metricsAddress,
  stop,
  delayMs,
  onListening,
}: WorkersOptions): Promise<boolean> {
  const workers = new Set<RunningWorker>();
  const peers = () => [...workers].filter(({ isListening }) => isListening()).map(({ peer }) => peer);
  const metrics = createMetricsOfWorkers(peers, log);
  const health = createHealthOfWorkers(peers);
  const stopped = new AbortController();
  const failed = Promise.withResolvers<never>();

  function start(): RunningWorker {
    const worker = fork({ ...answers, health });
    workers.add(worker);
    void worker.ended.then(() => {
      workers.delete(worker);
      metrics.keep(worker.peer).catch((err: unknown) => log.warn({ err }, 'the counts of a worker are lost'));
    });
    return worker;
  }

  async function startAll(): Promise<void> {
    const first = start();
    await first.listening;
    stopped.signal.throwIfAborted();
    const all = [first, ...Array.from({ length: count - 1 }, start)];
    await Promise.all(all.map(({ listening }) => listening));
    for (const worker of all)
      void keepRunning(worker, { start, stopped: stopped.signal, log }).catch(failed.reject);
    log.info({ workers: count }, 'all workers listen');
    onListening();
  }

  const endMetrics = await serveMetrics(metrics, metricsAddress, log);
  try {
    const reason = await Promise.race([stop.reason, failed.promise, startAll().then(() => stop.reason)]);
    log.info({ reason, delayMs }, 'stopping the workers');
    return await stopAll(workers, { stopped, delayMs, urgent: stop.urgent });
  } catch (error) {
    await stopAll(workers, { stopped, delayMs, urgent: Promise.resolve() });
    throw error;
  } finally {
    endMetrics();
  }
}

/** Stops all workers; resolves with whether they stopped in order. */
async function stopAll(
  workers: ReadonlySet<RunningWorker>,
  { stopped, delayMs, urgent }: { stopped: AbortController; delayMs: number; urgent: Promise<void> },
): Promise<boolean> {
  stopped.abort();
  const killAll = (signal: NodeJS.Signals) => workers.forEach((worker) => worker.kill(signal));
  const killer = setTimeout(() => killAll('SIGKILL'), delayMs + stopMs);
  const ends = Promise.all([...workers].map(({ ended }) => ended));
  killAll('SIGTERM');
  void urgent.then(() => workers.forEach((worker) => worker.urge()));
  const isInOrder = (await ends).every((end) => end.isInOrder || !end.hadListened);
  clearTimeout(killer);
  return isInOrder;
}

interface KeepOptions {
  start: () => RunningWorker;
  stopped: AbortSignal;
  log: Logger;
}

/** Replaces a worker whenever it ends. Throws a StartError when one that has listened gives a reason to stop. */
async function keepRunning(first: RunningWorker, { start, stopped, log }: KeepOptions): Promise<void> {
  let shortLives = 0;
  for (let worker = first; ; worker = start()) {
    const startedAt = performance.now();
    const { description, failure, hadListened } = await worker.ended;
    if (stopped.aborted) return;
    if (failure !== undefined && hadListened) throw new StartError(failure);
    shortLives = performance.now() - startedAt < steadyMs ? shortLives + 1 : 0;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** shortLives);
    log.error({ worker: worker.pid, end: description, failure, pauseMs }, 'a worker ended, will be replaced');
    await delay(pauseMs, undefined, { signal: stopped }).catch(() => {});
    if (stopped.aborted) return;
  }
}

function fork(answers: Readonly<Record<string, Answer>>): RunningWorker {
  const worker = cluster.fork();
  const peer = createPeer((message) => {
    if (worker.isConnected()) worker.send(message, undefined, undefined, () => {});
  });
  for (const [topic, handler] of Object.entries(answers)) peer.answer(topic, handler);
  const listening = Promise.withResolvers<void>();
  let hadListened = false;
  let failure: string | undefined;
  worker.on('message', (message: unknown) => {
    if (message === 'listening') {
      hadListened = true;
      listening.resolve();
    } else if (isFailure(message)) failure = message.failure;
    else peer.receive(message);
  });
  const ended = endOf(worker).then((description) => {
    const isInOrder = description === inOrder;
    listening.reject(new StartError(failure ?? `A worker ${description} before it listened.`));
    return { description, isInOrder, failure, hadListened };
  });
  listening.promise.catch(() => {});
  return {
    pid: worker.process.pid,
    peer,
    listening: listening.promise,
    isListening: () => hadListened,
    ended,
    kill: (signal) => void worker.process.kill(signal),
    // SIGTERM ends a worker at once that cannot answer yet.
    urge: () => void peer.call(urgeTopic).catch(() => {}),
  };
}

const isFailure = (message: unknown): message is WorkerFailure =>
  typeof message === 'object' && message !== null && 'failure' in message;

const inOrder = 'ended with code 0';

/** Waits until a worker has ended and its last message has been read, and describes how. */
function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    // A message that cannot be sent is an error as well.
    worker.on('error', (error: Error) => {
      if (worker.process.pid === undefined) resolve(`could not be started (${error.message})`);
    });
    const disconnected = new Promise<void>((done) => worker.once('disconnect', done));
    // Node does not emit it when a connection was on its way to a worker that was killed.
    const isRead = () => Promise.race([disconnected, delay(lastMessageMs)]);
    worker.once('exit', (code: number | null, signal: string | null) => {
      const description = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      void isRead().then(() => resolve(description));
    });
  });
}
