import { Problem } from '@polyglot-notes/service-kit';
import { noteLimitReached, storageLimitReached, type Limits, type StoredUsage } from './limits.ts';

export type OwnerUsage = ReturnType<typeof createOwnerUsage>;

/** Counts what an owner has stored while a transaction changes it. */
export function createOwnerUsage(before: StoredUsage, limits: Limits) {
  let current = before;
  return {
    /**
     * Adds a change. Throws `note_limit_reached` or `storage_limit_reached`, and counts nothing, when the change would
     * pass a limit, that of the bytes by more than `room`. An owner above a limit can still store less.
     */
    add(change: Partial<StoredUsage>, { room = 0 } = {}): void {
      const after = {
        notes: current.notes + (change.notes ?? 0),
        trashed: current.trashed + (change.trashed ?? 0),
        bytes: current.bytes + (change.bytes ?? 0),
        versions: current.versions + (change.versions ?? 0),
        answerBytes: current.answerBytes + (change.answerBytes ?? 0),
      };
      const allNotes = after.notes + after.trashed;
      if (allNotes > limits.notes && allNotes > current.notes + current.trashed)
        throw new Problem(noteLimitReached, { detail: `The limit is ${limits.notes} notes.` });
      if (allBytes(after) > limits.bytes + room && allBytes(after) > allBytes(current))
        throw storageProblem(limits);
      current = after;
    },
    /** Throws `storage_limit_reached` when the owner has more bytes than permitted. */
    checkBytes(): void {
      if (allBytes(current) > limits.bytes) throw storageProblem(limits);
    },
    isChanged: () => current !== before,
    current: (): StoredUsage => current,
  };
}

const allBytes = ({ bytes, answerBytes }: StoredUsage) => bytes + answerBytes;

const storageProblem = ({ bytes }: Limits) =>
  new Problem(storageLimitReached, { detail: `The limit is ${bytes} bytes.` });
