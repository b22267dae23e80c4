import { StartError, textTable } from '@polyglot-notes/service-kit';
import { newEvent, system, type EventDetails, type EventType } from '../credentials/event-intents.ts';
import type { EventsRepository } from '../events/events.repository.ts';
import type { KeysArguments } from './keys-arguments.ts';
import { createKey } from './new-key.ts';
import { lastTokenExpiry, schedule } from './schedule.ts';
import { seal, unsealWithAny, type SealingKeys } from '../sealing/sealing.ts';
import type { SigningKeyDocument, SigningKeysRepository } from './signing-keys.repository.ts';

interface Dependencies {
  repository: SigningKeysRepository;
  sealingKeys: SealingKeys;
  clock: () => Date;
  /** The time from the publication of a new key to its first signature. */
  leadSeconds: number;
  /** The lifetime of the tokens that the keys sign. */
  accessTokenSeconds: number;
  events: Pick<EventsRepository, 'insert'>;
}

const recordEvent = ({ events, clock }: Dependencies, type: EventType, details: EventDetails) =>
  events.insert(newEvent(type, null, system, clock(), details));

/** Runs the command and returns what it prints. Throws a StartError that says why the command is refused. */
export async function runKeysCommand(given: KeysArguments, dependencies: Dependencies): Promise<string> {
  if (given.command === 'rotate') return rotate(given.isNow, dependencies);
  if (given.command === 'retire') return retire(given.kid, given.isNow, dependencies);
  return given.command === 'reseal' ? reseal(dependencies) : list(dependencies);
}

const scheduledKeys = async ({ repository, clock }: Dependencies) =>
  schedule(await repository.all(), clock());

const noKey = 'There is no signing key yet. auth-service creates the first one at its start.';

const sealedWith = ({ _id, sealedPrivateKey }: SigningKeyDocument, keys: SealingKeys) =>
  unsealWithAny(sealedPrivateKey, keys, _id)?.sealedWith ?? 'unknown';

async function list(dependencies: Dependencies): Promise<string> {
  const keys = await scheduledKeys(dependencies);
  if (keys.length === 0) return noKey;
  const rows = keys.map(({ key, state, publishedUntil }) => [
    key._id,
    state,
    seconds(key.createdAt),
    seconds(key.signsFrom),
    publishedUntil === undefined ? '-' : seconds(publishedUntil),
    sealedWith(key, dependencies.sealingKeys),
  ]);
  return textTable([['kid', 'state', 'created', 'signs from', 'published until', 'sealed with'], ...rows]);
}

async function rotate(isNow: boolean, dependencies: Dependencies): Promise<string> {
  const { repository, sealingKeys, clock, leadSeconds } = dependencies;
  const keys = await scheduledKeys(dependencies);
  if (!isNow) {
    const next = keys.find(({ state }) => state === 'published')?.key;
    if (next !== undefined)
      refuse(
        `The key ${next._id} is published and signs from ${seconds(next.signsFrom)}. Wait until then, or use --now.`,
      );
    const signing = keys.find(({ state }) => state === 'signing')?.key;
    if (signing !== undefined && sealedWith(signing, sealingKeys) === 'unknown')
      refuse(
        `KEY_ENCRYPTION_KEY cannot decrypt the key ${signing._id}, which signs now: set the key that encrypted it. If that is lost, use --now.`,
      );
  }
  const key = await createKey({
    sequence: (keys.at(-1)?.key.sequence ?? 0) + 1,
    sealingKey: sealingKeys.current,
    clock,
    leadSeconds: isNow ? 0 : leadSeconds,
  });
  if (!(await repository.insertOnce(key)))
    refuse('Another command has created a key at the same time. See it with "list".');
  await recordEvent(dependencies, 'signing_key_created', { keyId: key._id });
  return isNow
    ? `The key ${key._id} is published and signs from now on.`
    : `The key ${key._id} is published. It signs from ${seconds(key.signsFrom)}.`;
}

async function retire(kid: string, isNow: boolean, dependencies: Dependencies): Promise<string> {
  const found = (await scheduledKeys(dependencies)).find(({ key }) => key._id === kid);
  if (found === undefined) return refuse(`There is no key ${kid}. See the keys with "list".`);
  const { state, replacedAt = dependencies.clock() } = found;
  if (state === 'signing') refuse(`The key ${kid} signs now. Create another one first: rotate.`);
  if (state === 'published')
    refuse(
      `The key ${kid} signs from ${seconds(found.key.signsFrom)}. Create another one instead: rotate --now.`,
    );
  const validUntil = lastTokenExpiry(replacedAt, dependencies.accessTokenSeconds);
  if (!isNow && dependencies.clock() < validUntil)
    refuse(
      `Tokens of the key ${kid} are valid until ${seconds(validUntil)}. Wait until then. If the key has leaked, use --now.`,
    );
  await dependencies.repository.remove(kid);
  await recordEvent(dependencies, 'signing_key_retired', { keyId: kid });
  return `The key ${kid} is removed. Every service refuses its tokens after a minute at the latest.`;
}

async function reseal(dependencies: Dependencies): Promise<string> {
  const { repository, sealingKeys } = dependencies;
  let count = 0;
  for (const { _id, sealedPrivateKey } of await repository.all()) {
    const opened = unsealWithAny(sealedPrivateKey, sealingKeys, _id);
    if (opened?.sealedWith !== 'previous') continue;
    const sealed = seal(opened.plain, sealingKeys.current, _id);
    if (await repository.reseal(_id, sealedPrivateKey, sealed)) count++;
  }
  if (count > 0) await recordEvent(dependencies, 'signing_keys_resealed', {});
  // Another process may have added or changed keys meanwhile.
  const keys = await repository.all();
  if (keys.length === 0) refuse(noKey);
  const idsSealedWith = (name: string) =>
    keys.filter((key) => sealedWith(key, sealingKeys) === name).map(({ _id }) => _id);
  const [unknown, previous] = [idsSealedWith('unknown'), idsSealedWith('previous')];
  if (unknown.length > 0)
    refuse(
      `Neither KEY_ENCRYPTION_KEY nor KEY_ENCRYPTION_KEY_PREVIOUS can decrypt: ${unknown.join(', ')}. Set the key that encrypted them as KEY_ENCRYPTION_KEY_PREVIOUS.`,
    );
  if (previous.length > 0)
    refuse(`Keys are not encrypted with KEY_ENCRYPTION_KEY yet: ${previous.join(', ')}. Run reseal again.`);
  return `All keys are encrypted with KEY_ENCRYPTION_KEY; ${count} of them newly.`;
}

function refuse(reason: string): never {
  throw new StartError(reason);
}

const seconds = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;
