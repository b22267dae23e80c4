import { Agent, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const defaultMaxAgeMs = 10_000;
// As Node's agent does, because the server closes at about the time that it announces.
const marginMs = 1_000;

// Node's types do not know the request of a connection.
type Connection = Duplex & { _httpMessage?: { res?: IncomingMessage } };

/**
 * An HTTP agent that closes a kept-alive connection at the end of the first request that ends `maxAgeMs` after it was opened,
 * and an idle one soon after that age, or before the server closes it by its `Keep-Alive: timeout`. New connections resolve the
 * service's name again, so a new instance gets its share of the load within seconds. When an address refuses the connection,
 * Node tries the next one of the name.
 */
export class RotatingAgent extends Agent {
  readonly #maxAgeMs: number;
  readonly #openedAt = new WeakMap<Duplex, number>();
  /** When an idle connection is to be closed. */
  readonly #idleUntil = new WeakMap<Duplex, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(maxAgeMs = defaultMaxAgeMs) {
    // The agent's own `timeout` sets several timers for each request, which cost a tenth of what the gateway does.
    super({ keepAlive: true });
    this.#maxAgeMs = maxAgeMs;
    this.#timer = setInterval(() => this.#closeIdle(), Math.min(marginMs / 4, maxAgeMs / 10)).unref();
  }

  override createConnection(
    ...options: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    const socket = super.createConnection(...options);
    if (socket !== null && socket !== undefined) this.#openedAt.set(socket, performance.now());
    return socket;
  }

  override keepSocketAlive(socket: Connection): boolean {
    const now = performance.now();
    const oldAt = (this.#openedAt.get(socket) ?? 0) + this.#maxAgeMs;
    const until = Math.min(oldAt, now + announcedMs(socket) - marginMs);
    if (until <= now) return false;
    this.#idleUntil.set(socket, until);
    // Declared as void, but returns a boolean.
    const isKept: unknown = super.keepSocketAlive(socket);
    return isKept === true;
  }

  override destroy(): void {
    clearInterval(this.#timer);
    super.destroy();
  }

  #closeIdle(): void {
    const now = performance.now();
    const idle = Object.values(this.freeSockets).flatMap((sockets = []) => sockets);
    for (const socket of idle.filter((each) => (this.#idleUntil.get(each) ?? 0) <= now)) {
      socket.destroy();
      // Otherwise a request could get it until its close event.
      socket.emit('agentRemove');
    }
  }
}

/** For how long the server keeps the connection idle, as its last response says. */
function announcedMs({ _httpMessage }: Connection): number {
  const [, seconds] = /\btimeout=(\d+)/.exec(String(_httpMessage?.res?.headers['keep-alive'])) ?? [];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000;
}
