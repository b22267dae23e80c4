import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Problem, problems } from '@polyglot-notes/service-kit';
import { Piscina } from 'piscina';

/** What bcrypt reads of a password; anything longer must be refused, for the rest would not count. */
export const maxPasswordBytes = 72;

// More would wait longer than the gateway does.
const queuedPerThread = 30;

export type PasswordHasher = Awaited<ReturnType<typeof passwordHasher>>;

/**
 * Hashes and compares passwords with bcrypt at the given cost (the logarithm of its rounds), in worker threads. Both
 * throw `service_unavailable` when too many are waiting.
 */
export async function passwordHasher(cost: number) {
  const threads = availableParallelism();
  const pool = new Piscina({
    filename: fileURLToPath(new URL('password-worker.ts', import.meta.url)),
    minThreads: 1,
    maxThreads: threads,
    maxQueue: threads * queuedPerThread,
  });

  async function run<Result>(name: string, task: object): Promise<Result> {
    if (pool.queueSize >= threads * queuedPerThread) throw new Problem(problems.serviceUnavailable);
    return (await pool.run(task, { name })) as Result;
  }
  const hash = (password: string) => run<string>('hash', { password, cost });
  const hashOfNobody = await hash(randomUUID());

  return {
    hash,

    /** Whether the password fits the hash; without a hash it takes as long and is false. */
    async matches(password: string, hashed: string | undefined): Promise<boolean> {
      const same = await run<boolean>('compare', { password, hashed: hashed ?? hashOfNobody });
      return same && hashed !== undefined && Buffer.byteLength(password) <= maxPasswordBytes;
    },

    close: () => pool.destroy(),
  };
}
