import { Agent, type AgentOptions } from 'node:http';
import type { Duplex } from 'node:stream';

const defaultMaxAgeMs = 10_000;

/**
 * An agent that keeps connections until, at the end of a request, they are `maxAgeMs` old: a new one goes to whatever
 * instances the name of the service stands for by then, so one that has just started soon has its part of the load.
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
    // Its type says that it returns nothing.
    const isKept: unknown = super.keepSocketAlive(socket);
    return isKept === true;
  }
}
