import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';

const defaultMaxAgeMs = 10_000;

/**
 * An HTTP agent that closes a kept-alive connection at the end of the first request after `maxAgeMs`. New connections
 * resolve the service's name again, so a new instance gets its share of the load within seconds.
 */
export class RotatingAgent extends Agent {
  readonly #maxAgeMs: number;
  readonly #firstUse = new WeakMap<Duplex, number>();

  constructor(options: AgentOptions = {}, maxAgeMs = defaultMaxAgeMs) {
    super({ ...options, keepAlive: true });
    this.#maxAgeMs = maxAgeMs;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const now = performance.now();
    const since = this.#firstUse.get(socket) ?? now;
    this.#firstUse.set(socket, since);
    if (now - since >= this.#maxAgeMs) return false;
    // Declared as void, but returns a boolean.
    const isKept: unknown = super.keepSocketAlive(socket);
    return isKept === true;
  }
}
