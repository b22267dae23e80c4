import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

const defaultMaxAgeMs = 10_000;

/**
 * An HTTP agent that closes a kept-alive connection at the end of the first request that ends `maxAgeMs` after it was opened,
 * and one that is idle for so long. New connections resolve the service's name again, so a new instance gets its share of the
 * load within seconds. When an address refuses the connection, Node tries the next one of the name.
 */
export class RotatingAgent extends Agent {
  readonly #maxAgeMs: number;
  readonly #openedAt = new WeakMap<Duplex, number>();

  constructor(maxAgeMs = defaultMaxAgeMs) {
    // Services keep idle connections for longer, and announce for how long, which the agent respects.
    super({ keepAlive: true, timeout: maxAgeMs });
    this.#maxAgeMs = maxAgeMs;
  }

  override createConnection(
    ...options: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    const socket = super.createConnection(...options);
    if (socket !== null && socket !== undefined) this.#openedAt.set(socket, performance.now());
    return socket;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (performance.now() - (this.#openedAt.get(socket) ?? 0) >= this.#maxAgeMs) return false;
    // Declared as void, but returns a boolean.
    const isKept: unknown = super.keepSocketAlive(socket);
    return isKept === true;
  }
}
