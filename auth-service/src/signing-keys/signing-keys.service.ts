import type { KeyObject } from 'node:crypto';
import {
  currentWork,
  Problem,
  problems,
  StartError,
  traceWork,
  type Logger,
  type Tracing,
} from '@polyglot-notes/service-kit';
import { createKeyReader, type LoadedKey } from './key-reader.ts';
import { createKey } from './new-key.ts';
import { schedule, type ScheduledKey } from './schedule.ts';
import type { SealingKeys } from '../sealing/sealing.ts';
import type { PublicJwk, SigningKeysRepository } from './signing-keys.repository.ts';

const removeAfterMs = 24 * 60 * 60_000;

export interface SigningKeys {
  /** The key that signs now. Throws `service_unavailable` when no published key can be decrypted. */
  current(this: void): { id: string; privateKey: KeyObject };
  /** A JWK Set (RFC 7517) of the published keys. */
  jwks(this: void): { keys: PublicJwk[] };
  publicKeys: {
    /** The published key with this id. When it is unknown, the keys are read again. */
    find(kid: string): Promise<KeyObject | undefined>;
    loaded(): boolean;
  };
  close(this: void): void;
}

interface Dependencies {
  repository: SigningKeysRepository;
  sealingKeys: SealingKeys;
  tracing: Tracing | undefined;
  clock: () => Date;
  log: Logger;
  rereadMs?: number;
}

/**
 * Reads the signing keys, and creates the first one if there is none. Throws a StartError when the sealing keys decrypt
 * none that may sign.
 */
export async function loadSigningKeys(dependencies: Dependencies): Promise<SigningKeys> {
  const { repository, tracing, clock, log, rereadMs = 2_000 } = dependencies;
  const reader = createKeyReader(await readOrCreate(dependencies), {
    ...dependencies,
    rereadMs,
    async afterRead(keys) {
      reportSealed(scheduled());
      await traceWork(tracing, { name: 'remove signing keys' }, () =>
        removeExpired(keys, repository, clock()),
      );
    },
  });
  const reportSealed = createSealedReport(log);
  const scheduled = () => schedule(reader.keys(), clock());
  const published = () => scheduled().filter(({ state }) => state !== 'expired');
  const findPublished = (kid: string) => published().find(({ key }) => key._id === kid)?.key.publicKey;

  reportSealed(scheduled());
  if (signerOf(scheduled()) === undefined) {
    reader.close();
    throw new StartError(
      'KEY_ENCRYPTION_KEY cannot decrypt the signing key in the database: set the key that encrypted it. SECURITY.md says what to do if it is lost.',
    );
  }
  return {
    current() {
      const signer = signerOf(scheduled());
      if (signer === undefined) throw new Problem(problems.serviceUnavailable);
      return signer;
    },
    jwks: () => ({ keys: published().map(({ key }) => key.publicJwk) }),
    publicKeys: {
      async find(kid) {
        if (findPublished(kid) === undefined) await reader.readAgain();
        return findPublished(kid);
      },
      loaded: () => true,
    },
    close: reader.close,
  };
}

async function readOrCreate({ repository, sealingKeys, clock }: Dependencies) {
  const keys = await repository.all();
  if (keys.length > 0) return keys;
  const first = { sequence: 1, sealingKey: sealingKeys.current, clock, leadSeconds: 0 };
  await repository.insertOnce(await createKey(first));
  return repository.all();
}

/** Logs once for each key that should sign and cannot be decrypted. */
function createSealedReport(log: Logger) {
  const reported = new Set<string>();

  return (keys: ScheduledKey<LoadedKey>[]): void => {
    const key = keys.find(({ state }) => state === 'signing')?.key;
    if (key === undefined || key.privateKey !== undefined || reported.has(key._id)) return;
    reported.add(key._id);
    log.error(
      { kid: key._id },
      'KEY_ENCRYPTION_KEY cannot decrypt the key that should sign: set the key that encrypted it, and restart',
    );
  };
}

/** The newest key that may sign and can be decrypted. */
function signerOf(keys: ScheduledKey<LoadedKey>[]): { id: string; privateKey: KeyObject } | undefined {
  for (const { key, state } of keys.toReversed()) {
    const { _id: id, privateKey } = key;
    if ((state === 'signing' || state === 'retiring') && privateKey !== undefined) return { id, privateKey };
  }
  return undefined;
}

async function removeExpired(
  keys: readonly LoadedKey[],
  repository: SigningKeysRepository,
  now: Date,
): Promise<void> {
  for (const { key, publishedUntil = now } of schedule(keys, now)) {
    if (now.getTime() - publishedUntil.getTime() <= removeAfterMs) continue;
    currentWork()?.begin();
    await repository.remove(key._id);
  }
}
