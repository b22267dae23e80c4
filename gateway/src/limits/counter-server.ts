import { within, type Logger } from '@polyglot-notes/service-kit';
import { createClient } from '@redis/client';

// A request waits at most this long. After a timeout, the server gets no commands during the pause.
const replyMs = 250;
const pauseMs = 1_000;
const reconnectMs = 500;
const silenceMs = 3_000;

/** Connects to the Valkey or Redis server at `url`, and reconnects when needed. */
export function createCounterServer(url: string, log: Logger) {
  let isUnavailable = false;
  let pausedUntil = 0;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // Bounds the commands that wait for a hanging server.
    commandsQueueMaxLength: 1_000,
    pingInterval: silenceMs / 3,
    socket: { connectTimeout: 2_000, socketTimeout: silenceMs, reconnectStrategy: reconnectMs },
  });
  client.on('error', reportUnavailable);
  client.on('ready', reportAvailable);
  void client.connect().catch(reportUnavailable);

  function reportUnavailable(error: unknown): void {
    if (!isUnavailable) log.warn({ err: error }, 'shared rate-limit counters unavailable: counting locally');
    isUnavailable = true;
  }

  function reportAvailable(): void {
    if (isUnavailable) log.info('shared rate-limit counters available again');
    isUnavailable = false;
  }

  return {
    sendCommand: <Reply>(...args: string[]) => client.sendCommand<Reply>(args),

    /** The result of `command`; undefined when the server does not reply in time. */
    async attempt<Result>(command: () => Promise<Result>): Promise<Result | undefined> {
      if (!client.isReady || Date.now() < pausedUntil) return undefined;
      try {
        const result = await within(replyMs, command());
        reportAvailable();
        return result;
      } catch (error) {
        reportUnavailable(error);
        pausedUntil = Date.now() + pauseMs;
        return undefined;
      }
    },

    /** Runs `load` now if there is a connection, and after each new connection. */
    onConnection(load: () => Promise<void>): void {
      const run = () => void load().catch(reportUnavailable);
      client.on('ready', run);
      if (client.isReady) run();
    },

    close() {
      if (client.isOpen) client.destroy();
    },
  };
}
