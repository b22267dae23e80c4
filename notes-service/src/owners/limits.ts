import { problemType } from '@polyglot-notes/service-kit';

/** What one owner may store. */
export interface Limits {
  /** The trash included. */
  notes: number;
  /** Of the texts of all notes, the trash included, of all versions, and of the answers that are kept, in UTF-8. */
  bytes: number;
  /** Earlier versions of each note. */
  versionsPerNote: number;
}

/** How many earlier versions a note keeps beside the one that a change adds. */
export const versionsBeside = ({ versionsPerNote }: Limits): number => Math.max(versionsPerNote - 1, 0);

/** What one owner has stored. `notes` are those outside the trash. */
export interface Usage {
  notes: number;
  trashed: number;
  bytes: number;
  versions: number;
}

/** What one owner has stored, with what is kept for a day to answer repeated requests. */
export interface StoredUsage extends Usage {
  answerBytes: number;
}

export const noteLimitReached = problemType(
  409,
  'note_limit_reached',
  'The user has as many notes as permitted, the trash included',
);
export const storageLimitReached = problemType(
  409,
  'storage_limit_reached',
  'The notes of the user, their versions and the answers that are kept for Idempotency-Keys take as much storage as permitted',
);
