import { text } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Prisma } from '../../generated/prisma/client.ts';
import { maxTitle } from '../notes/notes.schemas.ts';
import { beginOfYear1, endOfYear9999 } from '../notes/times.ts';
import type { ReadNote } from '../notes/to-note.ts';

export const sorts = [
  '-updatedAt',
  'updatedAt',
  '-createdAt',
  'createdAt',
  'title',
  '-title',
  'relevance',
] as const;
export type Sort = (typeof sorts)[number];

/** The sorts by a column. */
export type ColumnSort = Exclude<Sort, 'relevance'>;

/** A note of a list, with the number of notes that were found for the page before its size was limited. */
export type ListedRow = ReadNote & { found: number; rank?: number };

/** The position of a note in a list: its sort value, and its id as the tie-breaker. */
export type Position = readonly [value: string | number, id: string];

interface Order {
  key: Prisma.Sql;
  descending: boolean;
  position: z.ZodType<Position>;
  valueOf: (row: ListedRow) => string | number;
  bind: (value: string | number) => Prisma.Sql;
}

/** The schema of positions whose value has a schema. */
const positionAt = (value: z.ZodType<string | number>) => z.tuple([value, z.uuid()]).readonly();

const byTime = (key: Prisma.Sql, valueOf: (row: ListedRow) => string) => ({
  key,
  position: positionAt(z.int().min(beginOfYear1).max(endOfYear9999)),
  valueOf: (row: ListedRow) => Date.parse(valueOf(row)),
  bind: (value: string | number) => Prisma.sql`${new Date(value)}`,
});
const byUpdate = byTime(Prisma.sql`updated_at`, ({ updatedAt }) => updatedAt);
const byCreation = byTime(Prisma.sql`created_at`, ({ createdAt }) => createdAt);
const byTitle = {
  key: Prisma.sql`title`,
  // Titles from before they had to be visible are positions too.
  position: positionAt(text({ max: maxTitle })),
  valueOf: ({ title }: ListedRow) => title,
  bind: (value: string | number) => Prisma.sql`${value}`,
};
export const orders: Record<ColumnSort, Order> = {
  '-updatedAt': { ...byUpdate, descending: true },
  updatedAt: { ...byUpdate, descending: false },
  '-createdAt': { ...byCreation, descending: true },
  createdAt: { ...byCreation, descending: false },
  title: { ...byTitle, descending: false },
  '-title': { ...byTitle, descending: true },
};

export const timePosition = byUpdate.position;
export const rankPosition = positionAt(z.number());
