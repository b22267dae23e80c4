import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

const defaultMaxAgeMs = 10_000;

/**
 * An HTTP agent that closes a kept-alive connection at the end of the first request that ends `maxAgeMs` after it was opened,
 * and an idle one soon after that age. New connections resolve the service's name again, so a new instance gets its share of
 * the load within seconds. When an address refuses the connection, Node tries the next one of the name.
 */
export class RotatingAgent extends Agent {
  readonly #maxAgeMs: number;
  readonly #openedAt = new WeakMap<Duplex, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(maxAgeMs = defaultMaxAgeMs) {
    // The agent's own `timeout` sets several timers for each request, which cost a tenth of what the gateway does.
    super({ keepAlive: true });
    this.#maxAgeMs = maxAgeMs;
    this.#timer = setInterval(() => this.#closeIdle(), Math.ceil(maxAgeMs / 10)).unref();
  }

  override createConnection(
    ...options: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    const socket = super.createConnection(...options);
    if (socket !== null && socket !== undefined) this.#openedAt.set(socket, performance.now());
    return socket;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (this.#isOld(socket)) return false;
    // Declared as void, but returns a boolean.
    const isKept: unknown = super.keepSocketAlive(socket);
    return isKept === true;
  }

  override destroy(): void {
    clearInterval(this.#timer);
    super.destroy();
  }

  #isOld(socket: Duplex): boolean {
    return performance.now() - (this.#openedAt.get(socket) ?? 0) >= this.#maxAgeMs;
  }

  #closeIdle(): void {
    const idle = Object.values(this.freeSockets).flatMap((sockets = []) => sockets);
    for (const socket of idle.filter((each) => this.#isOld(each))) {
      socket.destroy();
      // Otherwise a request could get it until its close event.
      socket.emit('agentRemove');
    }
  }
}
