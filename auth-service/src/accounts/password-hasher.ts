import { randomUUID } from 'node:crypto';
import bcrypt from 'bcryptjs';

/** What bcrypt reads of a password; anything longer must be refused, for the rest would not count. */
export const maxPasswordBytes = 72;

export type PasswordHasher = Awaited<ReturnType<typeof passwordHasher>>;

/** Hashes and compares passwords with bcrypt at the given cost (the logarithm of its rounds). */
export async function passwordHasher(cost: number) {
  const hashOfNobody = await bcrypt.hash(randomUUID(), cost);
  return {
    hash: (password: string): Promise<string> => bcrypt.hash(password, cost),

    /** Whether the password fits the hash; without a hash it takes as long and is false. */
    async matches(password: string, hash: string | undefined): Promise<boolean> {
      const same = await bcrypt.compare(password, hash ?? hashOfNobody);
      return same && hash !== undefined && Buffer.byteLength(password) <= maxPasswordBytes;
    },
  };
}
