import { StartError } from '@polyglot-notes/service-kit';
import type { Connection } from 'mongoose';

/** Exists while a backup is being restored. Nothing may use a database of which a part is missing. */
export const incompleteRestore = 'incompleteRestore';

const marker = (connection: Connection) => connection.collection<{ _id: string }>(incompleteRestore);

/** Makes `requireRestored` refuse the database until `endRestore`. */
export async function beginRestore(connection: Connection): Promise<void> {
  await marker(connection).updateOne(
    { _id: 'restore' },
    { $setOnInsert: { begunAt: new Date() } },
    { upsert: true },
  );
}

export async function endRestore(connection: Connection): Promise<void> {
  await marker(connection).drop();
}

/** Throws a StartError while a backup is being restored, and after a restore that was interrupted. */
export async function requireRestored(connection: Connection): Promise<void> {
  if ((await marker(connection).findOne()) === null) return;
  throw new StartError(
    `The restore of a backup into the database ${connection.name} has not ended: wait for it, or, if it was interrupted, run it again with --replace.`,
  );
}
