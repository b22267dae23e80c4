import { setTimeout as delay } from 'node:timers/promises';
import type { AccountsRepository } from '../accounts/accounts.repository.ts';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';
import type { AuthService } from '../clients/auth-service.ts';
import type { NotesService } from '../clients/notes-service.ts';
import { driftOf, type DriftKind, type Held } from './drift.ts';

/** An account about which the stores differ, and how. */
export interface Drift {
  id: string;
  kinds: DriftKind[];
}

export interface Stores {
  accounts: AccountsRepository;
  activeAdmins: ActiveAdminsRepository;
  authService: AuthService;
  notesService: NotesService;
}

const pageSize = 1_000;
// As many accounts are looked at at once.
const batchSize = 50;
const looks = 3;
const pauseMs = 1_000;

/** Reads what the three stores hold of an account. The profile comes last: whatever changes first changes there. */
export async function look(id: string, stores: Stores): Promise<Held> {
  const { accounts, activeAdmins, authService, notesService } = stores;
  const [credential, owner] = await Promise.all([authService.findAccount(id), notesService.findOwner(id)]);
  const isInActiveAdmins = await activeAdmins.has(id);
  return { profile: await accounts.findHeld(id), credential, owner, isInActiveAdmins };
}

/**
 * Goes through the three stores side by side and finds the accounts about which they differ. Since they are not read at
 * one moment, each of those is looked at again: only a difference that is there every time is one.
 */
export async function* survey(stores: Stores): AsyncGenerator<Drift> {
  let batch: string[] = [];
  for await (const id of suspects(stores)) {
    batch.push(id);
    if (batch.length < batchSize) continue;
    yield* lastingDrifts(batch, stores);
    batch = [];
  }
  yield* lastingDrifts(batch, stores);
}

/** The accounts that seem to differ at first sight. */
async function* suspects({
  accounts,
  activeAdmins,
  authService,
  notesService,
}: Stores): AsyncGenerator<string> {
  const admins = new Set(await activeAdmins.all());
  const profiles = byId(
    (id) => accounts.after(id, pageSize),
    (row) => row._id,
  );
  const credentials = byId(authService.accountsAfter, (row) => row.id);
  const owners = byId(notesService.ownersAfter, (row) => row.id);
  let [profile, credential, owner] = [await next(profiles), await next(credentials), await next(owners)];
  for (;;) {
    const ids = [profile?._id, credential?.id, owner?.id].filter((one) => one !== undefined);
    const id = ids.toSorted()[0];
    if (id === undefined) break;
    const held: Held = {
      profile: profile?._id === id ? profile : null,
      credential: credential?.id === id ? credential : null,
      owner: owner?.id === id ? owner : null,
      isInActiveAdmins: admins.delete(id),
    };
    if (driftOf(held, new Date()).length > 0) yield id;
    if (held.profile) profile = await next(profiles);
    if (held.credential) credential = await next(credentials);
    if (held.owner) owner = await next(owners);
  }
  // Whoever is in the gate and in no store.
  yield* admins;
}

/** What is there at every one of several looks, some time apart. */
async function* lastingDrifts(ids: string[], stores: Stores): AsyncGenerator<Drift> {
  let drifts = await Promise.all(ids.map((id) => driftNow(id, stores)));
  for (let left = looks - 1; left > 0; left--) {
    drifts = drifts.filter(({ kinds }) => kinds.length > 0);
    if (drifts.length === 0) return;
    await delay(pauseMs);
    drifts = await Promise.all(
      drifts.map(async ({ id, kinds }) => {
        const now = await driftNow(id, stores);
        return { id, kinds: kinds.filter((kind) => now.kinds.includes(kind)) };
      }),
    );
  }
  yield* drifts.filter(({ kinds }) => kinds.length > 0);
}

const driftNow = async (id: string, stores: Stores): Promise<Drift> => ({
  id,
  kinds: driftOf(await look(id, stores), new Date()),
});

/** All rows by id, read a page at a time. */
async function* byId<Row>(
  read: (after: string) => Promise<Row[]>,
  idOf: (row: Row) => string,
): AsyncGenerator<Row, undefined> {
  let after = '';
  for (;;) {
    const rows = await read(after);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield* rows;
    after = idOf(last);
  }
}

const next = async <Row>(rows: AsyncGenerator<Row, undefined>): Promise<Row | undefined> =>
  (await rows.next()).value;
