import { setTimeout as delay } from 'node:timers/promises';
import type { StoredAccountsRepository } from '../accounts/stored-accounts.repository.ts';
import type { ActiveAdminsRepository } from '../active-admins/active-admins.repository.ts';
import type { AuthService } from '../clients/auth-service.ts';
import type { NotesService } from '../clients/notes-service.ts';
import { driftOf, type DriftKind, type Snapshot } from './drift.ts';

export interface Drift {
  id: string;
  kinds: DriftKind[];
}

export interface Stores {
  storedAccounts: Pick<StoredAccountsRepository, 'find' | 'listAfter'>;
  activeAdmins: Pick<ActiveAdminsRepository, 'all' | 'has'>;
  authService: Pick<AuthService, 'find' | 'listAfter'>;
  notesService: Pick<NotesService, 'find' | 'listAfter'>;
  clock: () => Date;
}

const pageSize = 1_000;
const batchSize = 50;
const snapshots = 3;
const pauseMs = 1_000;

/** Reads what the three stores contain of an account. The profile is read last, because changes start there. */
export async function takeSnapshot(id: string, stores: Stores): Promise<Snapshot> {
  const { storedAccounts, activeAdmins, authService, notesService } = stores;
  const [credential, owner] = await Promise.all([authService.find(id), notesService.find(id)]);
  const isInActiveAdmins = await activeAdmins.has(id);
  return { profile: await storedAccounts.find(id), credential, owner, isInActiveAdmins };
}

/**
 * Finds the accounts about which the three stores differ. The stores are not read at one moment, so only a difference
 * that is in three snapshots, a second apart, counts.
 */
export async function* findDrift(stores: Stores): AsyncGenerator<Drift> {
  let batch: string[] = [];
  for await (const id of suspects(stores)) {
    batch.push(id);
    if (batch.length < batchSize) continue;
    yield* lastingDrift(batch, stores);
    batch = [];
  }
  yield* lastingDrift(batch, stores);
}

/** Reads the stores side by side, in the order of ids, and yields the accounts that seem to differ. */
async function* suspects({ storedAccounts, activeAdmins, authService, notesService, clock }: Stores) {
  const admins = new Set(await activeAdmins.all());
  const profiles = byId(
    (id) => storedAccounts.listAfter(id, pageSize),
    (row) => row._id,
  );
  const credentials = byId(authService.listAfter, (row) => row.id);
  const owners = byId(notesService.listAfter, (row) => row.id);
  let [profile, credential, owner] = [await next(profiles), await next(credentials), await next(owners)];
  for (;;) {
    const ids = [profile?._id, credential?.id, owner?.id].filter((one) => one !== undefined);
    const id = ids.toSorted()[0];
    if (id === undefined) break;
    const snapshot: Snapshot = {
      profile: profile?._id === id ? profile : null,
      credential: credential?.id === id ? credential : null,
      owner: owner?.id === id ? owner : null,
      isInActiveAdmins: admins.delete(id),
    };
    if (driftOf(snapshot, clock()).length > 0) yield id;
    if (snapshot.profile) profile = await next(profiles);
    if (snapshot.credential) credential = await next(credentials);
    if (snapshot.owner) owner = await next(owners);
  }
  yield* admins;
}

/** The kinds of drift that are in every one of several snapshots. */
async function* lastingDrift(ids: string[], stores: Stores): AsyncGenerator<Drift> {
  let drifts = await Promise.all(ids.map((id) => currentDrift(id, stores)));
  for (let left = snapshots - 1; left > 0; left--) {
    drifts = drifts.filter(({ kinds }) => kinds.length > 0);
    if (drifts.length === 0) return;
    await delay(pauseMs);
    drifts = await Promise.all(
      drifts.map(async ({ id, kinds }) => {
        const current = await currentDrift(id, stores);
        return { id, kinds: kinds.filter((kind) => current.kinds.includes(kind)) };
      }),
    );
  }
  yield* drifts.filter(({ kinds }) => kinds.length > 0);
}

const currentDrift = async (id: string, stores: Stores): Promise<Drift> => ({
  id,
  kinds: driftOf(await takeSnapshot(id, stores), stores.clock()),
});

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
