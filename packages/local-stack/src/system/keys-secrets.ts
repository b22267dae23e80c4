import { lockState } from './lock.ts';
import { forgetPreviousEncryptionKey, loadSecrets, replaceEncryptionKey, type Secrets } from './secrets.ts';

/**
 * Runs a command for the signing keys with the secrets in `stateDir` and returns its exit code. `reseal` replaces
 * KEY_ENCRYPTION_KEY; if it fails or is interrupted, both keys are kept, and the next run continues. Throws a StartError
 * when another process rotates or reseals: the new key of a rotation needs the KEY_ENCRYPTION_KEY that remains.
 */
export async function runWithSecrets(
  stateDir: string,
  args: readonly string[],
  run: (secrets: Secrets) => Promise<number>,
): Promise<number> {
  const isReseal = args.length === 1 && args[0] === 'reseal';
  if (!isReseal && !args.includes('rotate')) return run(loadSecrets(stateDir));
  const unlock = lockState(stateDir, 'keys.pid');
  try {
    if (!isReseal) return await run(loadSecrets(stateDir));
    const code = await run(replaceEncryptionKey(stateDir));
    if (code === 0) forgetPreviousEncryptionKey(stateDir);
    return code;
  } finally {
    unlock();
  }
}
