import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem, problems, within, type Logger } from '@polyglot-notes/service-kit';
import { unsealWithAny, type SealingKeys } from '../sealing/sealing.ts';
import type { SigningKeyDocument, SigningKeysRepository } from './signing-keys.repository.ts';

const readTimeoutMs = 5_000;

export interface LoadedKey extends SigningKeyDocument {
  publicKey: KeyObject;
  /** Undefined when no sealing key decrypts it. */
  privateKey: KeyObject | undefined;
}

interface ReaderOptions {
  repository: Pick<SigningKeysRepository, 'all'>;
  sealingKeys: SealingKeys;
  log: Logger;
  /** Every instance publishes a new key after this time, long before one signs with it. */
  rereadMs: number;
  /** Runs after each periodic read. */
  afterRead: (keys: readonly LoadedKey[]) => Promise<void>;
}

/** Keeps the signing keys in memory, beginning with `documents`, and reads them again every `rereadMs` milliseconds. */
export function createKeyReader(documents: readonly SigningKeyDocument[], options: ReaderOptions) {
  const { repository, log, rereadMs, afterRead } = options;
  const load = createLoader(options);
  const closing = new AbortController();
  let keys = documents.map((document) => load(document));
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let hasReadFailed = false;

  /** Callers share a read that is in progress. */
  function read(): Promise<void> {
    reading ??= readKeys().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readKeys(): Promise<void> {
    readAt = performance.now();
    const known = new Map(keys.map((key) => [key._id, key]));
    hasReadFailed = true;
    const latest = await within(readTimeoutMs, repository.all());
    keys = latest.map((document) => load(document, known.get(document._id)));
    hasReadFailed = false;
  }

  async function keepFresh(): Promise<void> {
    const { signal } = closing;
    let isFailing = false;
    while (await delay(rereadMs, true, { signal, ref: false }).catch(() => false)) {
      try {
        await read();
        await within(readTimeoutMs, afterRead(keys));
        isFailing = false;
      } catch (err) {
        if (!isFailing && !signal.aborted) log.warn({ err }, 'the signing keys cannot be read');
        isFailing = true;
      }
    }
  }
  void keepFresh();

  return {
    /** In the order of their sequence. */
    keys: (): readonly LoadedKey[] => keys,

    /**
     * Reads the keys again, but not soon after the last read: many tokens may name unknown keys. Throws
     * `service_unavailable` when the last read has failed.
     */
    async readAgain(): Promise<void> {
      const isRecent = reading === undefined && performance.now() - readAt < rereadMs / 2;
      if (!isRecent) {
        await read().catch((cause: unknown) => {
          throw new Problem(problems.serviceUnavailable, { cause });
        });
      }
      if (hasReadFailed) throw new Problem(problems.serviceUnavailable);
    },

    close: () => closing.abort(),
  };
}

function createLoader({ sealingKeys, log }: Pick<ReaderOptions, 'sealingKeys' | 'log'>) {
  const warned = new Set<string>();

  /** A private key that was decrypted before is kept, whatever it is sealed with now. */
  return (document: SigningKeyDocument, known?: LoadedKey): LoadedKey => {
    if (known?.privateKey !== undefined) return { ...known, ...document };
    const { _id: kid, sealedPrivateKey, publicJwk } = document;
    const pem = unsealWithAny(sealedPrivateKey, sealingKeys, kid)?.plain;
    if (pem === undefined && !warned.has(kid)) {
      warned.add(kid);
      log.warn({ kid }, 'KEY_ENCRYPTION_KEY cannot decrypt a signing key');
    }
    return {
      ...document,
      publicKey: createPublicKey({ key: { ...publicJwk }, format: 'jwk' }),
      privateKey: pem === undefined ? undefined : createPrivateKey(pem),
    };
  };
}
