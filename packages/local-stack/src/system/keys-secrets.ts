import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '@polyglot-notes/service-kit';
import { holderOf, lockState } from './lock.ts';
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
  if (args.includes('rotate') || args.includes('retire')) refuseUntilRestart(stateDir);
  if (!isReseal && !args.includes('rotate')) return run(loadSecrets(stateDir));
  const unlock = lockState(stateDir, 'keys.pid');
  try {
    if (!isReseal) return await run(loadSecrets(stateDir));
    const code = await run(replaceEncryptionKey(stateDir));
    if (code === 0) {
      writeFileSync(join(stateDir, resealed), holderOf(stateDir));
      forgetPreviousEncryptionKey(stateDir);
    }
    return code;
  } finally {
    unlock();
  }
}

/** Names the process of `npm start` that ran during the latest reseal, and so signs with the key that it opened before. */
const resealed = 'resealed.pid';

function refuseUntilRestart(stateDir: string): void {
  const holder = holderOf(stateDir);
  if (holder === '' || holder !== holderOf(stateDir, resealed)) return;
  throw new StartError(
    'npm start has run since before the last reseal and could not decrypt a new key: restart it first.',
  );
}
