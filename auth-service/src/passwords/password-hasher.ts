import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Problem, problems } from '@polyglot-notes/service-kit';
import bcrypt from 'bcryptjs';
import { Piscina } from 'piscina';
import { opaqueForm } from '../credentials/password-forms.ts';
import { maxPasswordBytes } from '../credentials/password-rules.ts';

// A longer queue would take longer than the gateway waits.
const queuedPerCore = 30;
// A start of a thread costs about as much as a hash.
const idleMs = 60_000;

export type PasswordHasher = Awaited<ReturnType<typeof createPasswordHasher>>;

/**
 * Hashes and compares passwords with bcrypt in worker threads. `cost` is the logarithm of the rounds; the `workers` of the
 * service share the cores. Both operations throw `service_unavailable` when the queue is full.
 */
export async function createPasswordHasher(cost: number, workers = 1) {
  const cores = availableParallelism();
  const maxQueue = Math.ceil((cores * queuedPerCore) / workers);
  const pool = new Piscina({
    filename: fileURLToPath(new URL('password-worker.ts', import.meta.url)),
    minThreads: 1,
    maxThreads: Math.max(1, Math.floor(cores / workers)),
    idleTimeout: idleMs,
    maxQueue,
  });

  async function run<Result>(name: string, task: object): Promise<Result> {
    if (pool.queueSize >= maxQueue) throw new Problem(problems.serviceUnavailable);
    return (await pool.run(task, { name })) as Result;
  }
  const hash = (password: string) => run<string>('hash', { password: opaqueForm(password), cost });
  const dummyHash = await hash(randomUUID());

  return {
    hash,

    /**
     * Whether the password fits the hash. Hashes from before passwords were normalized are of the form that was typed.
     * Without a hash the answer is false after the same time.
     */
    async matches(password: string, hashed: string | undefined): Promise<boolean> {
      for (const form of new Set([opaqueForm(password), password])) {
        const isSame = await run<boolean>('compare', { password: form, hashed: hashed ?? dummyHash });
        if (isSame && hashed !== undefined && Buffer.byteLength(form) <= maxPasswordBytes) return true;
      }
      return false;
    },

    /** Whether a hash has another cost than new ones: a login with it takes another time. */
    isOutdated: (hashed: string): boolean => bcrypt.getRounds(hashed) !== cost,

    /** How many operations wait, and how many may. */
    queue: () => ({ length: pool.queueSize, max: maxQueue }),

    close: () => pool.destroy(),
  };
}
