import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';

const defaultMaxAgeMs = 10_000;

/**
 * An HTTP agent that closes a kept-alive connection at the end of the first request that ends `maxAgeMs` after it was opened. New connections
 * resolve the service's name again, so a new instance gets its share of the load within seconds.
 */
export class RotatingAgent extends Agent {
  readonly #maxAgeMs: number;
  readonly #openedAt = new WeakMap<Duplex, number>();

  constructor(options: AgentOptions = {}, maxAgeMs = defaultMaxAgeMs) {
    super({ ...options, keepAlive: true });
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
