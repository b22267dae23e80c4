import { expect } from '@jest/globals';
import { createDevice } from './device.ts';
import { shown, versionsOf, type ModelNote } from './notes-model.ts';
import { tagNames, titlesInOrder } from './operations.ts';
import type { Session } from './session.ts';

type Order = (one: ModelNote, other: ModelNote) => number;

const byText = (one: string, other: string) => (one < other ? -1 : Number(one > other));
const inOrder =
  (keyOf: (note: ModelNote) => string | number): Order =>
  (one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    return (a < b ? -1 : Number(a > b)) || byText(one.id, other.id);
  };
const descending =
  (order: Order): Order =>
  (one, other) =>
    order(other, one);

const byUpdate = inOrder(({ updatedAt }) => updatedAt);
const byCreation = inOrder(({ createdAt }) => createdAt);
const byTitle = inOrder(({ title }) => titlesInOrder.indexOf(title));

const lists: [query: string, order: Order, has: (note: ModelNote) => boolean][] = [
  ['archived=any', descending(byUpdate), () => true],
  ['archived=any&sort=updatedAt', byUpdate, () => true],
  ['archived=any&sort=createdAt', byCreation, () => true],
  ['archived=any&sort=-createdAt', descending(byCreation), () => true],
  ['archived=any&sort=title', byTitle, () => true],
  ['archived=any&sort=-title', descending(byTitle), () => true],
  ['archived=true', descending(byUpdate), ({ archived }) => archived],
  ['pinned=true', descending(byUpdate), ({ archived, pinned }) => pinned && !archived],
  [`tag=${encodeURIComponent(tagNames[2]!)}`, descending(byUpdate), (note) => hasTags(note, [2])],
  ['tags=home,work', descending(byUpdate), (note) => hasTags(note, [0, 1])],
];
const hasTags = ({ tags, archived }: ModelNote, places: number[]) =>
  !archived && places.every((place) => tags.includes(tagNames[place]!));

/** Expects that everything the user can read agrees with the model. */
export async function expectAgreement(session: Session): Promise<void> {
  const { user, model, device } = session;
  const read = async (path: string) => (await user.call('GET', `/api/notes${path}`)).body;
  // Three of the lists, others after other operations.
  const first = model.usage().bytes % lists.length;
  const checkedLists = [...lists, ...lists].slice(first, first + 3);
  const checks = [
    ...checkedLists.map(async ([query, order, has]) => {
      const { items, page } = await read(`?${query}&total=true&limit=100`);
      const expected = model.live().filter(has).toSorted(order);
      expect({ query, items, total: page.total }).toEqual({
        query,
        items: expected.map(shown),
        total: expected.length,
      });
    }),
    ...model
      .live()
      .slice(0, 2)
      .map((note) => expectVersions(session, note)),
    read('/trash?total=true&limit=100').then(({ items, page }) => {
      const expected = model.trash().toSorted(descending(inOrder(({ deletedAt }) => deletedAt!)));
      expect([items, page.total]).toEqual([expected.map(shown), expected.length]);
    }),
    read('/tags').then(({ items }) => {
      const expected = model.tags().toSorted((one, other) => byText(one.tag, other.tag));
      expect(items).toEqual(expected);
    }),
    ...[device, createDevice()].map(async (synced) => {
      await synced.sync(user);
      const byId = inOrder(({ id }) => id);
      expect(synced.notes().toSorted((one, other) => byText(one.id, other.id))).toEqual(
        model.notes().toSorted(byId).map(shown),
      );
    }),
    read('/usage').then((usage) => expect(usage).toEqual(model.usage())),
  ];
  await Promise.all(checks);
}

async function expectVersions({ user }: Session, note: ModelNote): Promise<void> {
  const path = `/api/notes/${note.id}/versions`;
  const { body } = await user.call('GET', `${path}?total=true&limit=100`);
  const expected = versionsOf(note);
  expect([body.items, body.page.total]).toEqual([
    expected.map(({ version, title, createdAt }) => ({ version, title, createdAt })),
    expected.length,
  ]);
  const full = await Promise.all(expected.map(({ version }) => user.call('GET', `${path}/${version}`)));
  expect(full.map((answer) => answer.body)).toEqual(expected.map((one) => ({ ...one, id: note.id })));
}
