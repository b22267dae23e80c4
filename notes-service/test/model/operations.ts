import fc, { type Arbitrary } from 'fast-check';
import { dayMs, type Fields } from './notes-model.ts';

/** The ids are those of all notes that ever were, in turn, so that operations meet: also those of destroyed notes. */
export interface OnNote {
  note: number;
  ifMatch: 'current' | 'old' | undefined;
}

export interface Creation {
  op: 'create';
  fields: Partial<Fields>;
  key: string | undefined;
}

export type Change =
  | ({ op: 'patch'; fields: Partial<Fields> } & OnNote)
  | ({ op: 'trash' | 'destroy' | 'restore' } & OnNote)
  | ({ op: 'restore version'; version: number } & OnNote);

/** An operation of a batch. */
export type Step = Omit<Creation, 'key'> | Exclude<Change, { op: 'restore version' }>;

/** A line of an import: a note with an id that was used before, or with a new one. */
export interface ImportLine {
  note: number | undefined;
  fields: Partial<Fields>;
  /** Milliseconds after a time in the past. */
  time: number;
  /** The numbers of its earlier versions, the oldest first. */
  earlier: number[];
}

export type Operation =
  | Creation
  | { op: 'import'; lines: ImportLine[] }
  | Change
  | { op: 'batch'; atomic: boolean; steps: Step[] }
  | { op: 'repeat' | 'empty trash' | 'sync' }
  | { op: 'rename tag'; tag: string; name: string }
  | { op: 'remove tag'; tag: string }
  | { op: 'wait'; ms: number }
  | { op: 'purge'; days: number };

/** In the order of the service. */
export const titlesInOrder = ['a', 'ä', 'b', 'Note 2', 'Note 10', 'Untitled', '日本'];
const contents = ['', 'milk', 'ü'.repeat(150), '😀 and more', 'x'.repeat(400)];
export const tagNames = ['home', 'work', 'a/b', 'ö'];

const fields = (requiredKeys: 'title'[]): Arbitrary<Partial<Fields>> =>
  fc.record(
    {
      title: fc.constantFrom(...titlesInOrder),
      content: fc.constantFrom(...contents),
      tags: fc.uniqueArray(fc.constantFrom(...tagNames), { maxLength: 3 }),
      pinned: fc.boolean(),
      archived: fc.boolean(),
    },
    { requiredKeys },
  );

const sometimes = <Value>(...values: Value[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));
const onNote = { note: fc.nat(3), ifMatch: sometimes('current' as const, 'old' as const) };
const is = <Name extends string>(op: Name) => fc.constant(op);
const version = fc.integer({ min: 1, max: 8 });
const tag = fc.constantFrom(...tagNames);
const ms = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constant(dayMs));

const steps = fc.oneof<Arbitrary<Step>[]>(
  fc.record({ op: is('create'), fields: fields(['title']) }),
  fc.record({ op: is('patch'), fields: fields([]), ...onNote }),
  fc.record({ op: fc.constantFrom('trash' as const, 'destroy' as const, 'restore' as const), ...onNote }),
);

const lines: Arbitrary<ImportLine> = fc.record({
  note: sometimes(0, 1, 2, 3),
  fields: fields(['title']),
  time: fc.nat(1),
  earlier: fc.uniqueArray(version, { maxLength: 4 }).map((numbers) => numbers.toSorted((a, b) => a - b)),
});

const operations: [weight: number, Arbitrary<Operation>][] = [
  [4, fc.record({ op: is('create'), fields: fields(['title']), key: sometimes('a', 'b') })],
  [1, fc.record({ op: is('repeat') })],
  [5, fc.record({ op: is('patch'), fields: fields([]), ...onNote })],
  [3, fc.record({ op: is('trash'), ...onNote })],
  [1, fc.record({ op: is('destroy'), ...onNote })],
  [2, fc.record({ op: is('restore'), ...onNote })],
  [2, fc.record({ op: is('restore version'), version, ...onNote })],
  [
    2,
    fc.record({
      op: is('batch'),
      atomic: fc.boolean(),
      steps: fc.array(steps, { minLength: 1, maxLength: 5 }),
    }),
  ],
  [2, fc.record({ op: is('import'), lines: fc.array(lines, { minLength: 1, maxLength: 4 }) })],
  [1, fc.record({ op: is('empty trash') })],
  [2, fc.record({ op: is('rename tag'), tag, name: tag })],
  [1, fc.record({ op: is('remove tag'), tag })],
  [2, fc.record({ op: is('sync') })],
  [2, fc.record({ op: is('wait'), ms })],
  [1, fc.record({ op: is('purge'), days: fc.constantFrom(15, 30) })],
];

/** Random sequences of operations. */
export const sequencesOf = (length: { minLength: number; maxLength: number }): Arbitrary<Operation[]> =>
  fc.array(fc.oneof(...operations.map(([weight, arbitrary]) => ({ weight, arbitrary }))), {
    ...length,
    size: 'max',
  });
