import { send } from '../requests.ts';
import { cases, checkPage, expectedTotal, type Case } from './cases.ts';
import type { Database } from './databases.ts';
import type { PoolNote } from './pool.ts';

const warmUpRounds = 5;
const pageSize = 100;

export interface MeasuredUser {
  id: string;
  token: string;
  /** The number of notes in the database. */
  notesIn: (database: Pick<Database, 'total'>) => number;
}

/** The response times in ms of a case for a user on a database. */
export interface Measurement {
  of: Case;
  user: MeasuredUser;
  database: Database;
  took: number[];
}

interface Request extends Measurement {
  url: string;
  expected: number | undefined;
}

/** Sends every case of every user to every database in turn, one request at a time. Throws for a wrong answer. */
export async function measure(
  databases: Database[],
  { users, pool, rounds }: { users: MeasuredUser[]; pool: PoolNote[]; rounds: number },
): Promise<Measurement[]> {
  const groups: Request[][] = [];
  for (const user of users)
    for (const of of cases) {
      const fitting = databases.filter((database) => hasRow(of, pool, user.notesIn(database)));
      groups.push(await Promise.all(fitting.map((database) => prepare(of, user, database, pool))));
    }
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const group of groups) {
      const first = round % Math.max(1, group.length);
      for (const request of [...group.slice(first), ...group.slice(0, first)]) {
        const ms = await run(request);
        if (round >= warmUpRounds) request.took.push(ms);
      }
    }
  }
  return groups.flat();
}

const hasRow = (of: Case, pool: PoolNote[], notes: number) =>
  of.row === undefined || of.row < (expectedTotal(of, pool, notes) ?? 0);

async function prepare(of: Case, user: MeasuredUser, database: Database, pool: PoolNote[]): Promise<Request> {
  const expected = expectedTotal(of, pool, user.notesIn(database));
  const isByCursor = of.row !== undefined && of.query === '';
  const cursor = isByCursor ? `&cursor=${await cursorAt(of.row, user, database)}` : '';
  const url = `${database.list}?${of.query}${cursor}`;
  const request = { of, user, database, took: [], url, expected };
  // The total of a page by a cursor is not that of the case.
  if (!isByCursor && !url.includes('total=')) await run({ ...request, url: `${url}&total=true` });
  return request;
}

/** Walks to the row, and returns the cursor of the page that begins there. */
async function cursorAt(row: number | undefined, user: MeasuredUser, { list }: Database): Promise<string> {
  let cursor = '';
  for (let before = 0; before < (row ?? 0); before += pageSize) {
    const { body } = await send(`${list}?limit=${pageSize}${cursor && `&cursor=${cursor}`}`, user);
    cursor = (body as { page: { nextCursor: string } }).page.nextCursor;
  }
  return cursor;
}

async function run({ url, user, of, expected }: Request): Promise<number> {
  const { status, body, sentAt, answeredAt } = await send(url, user);
  if (status !== 200) throw new Error(`${of.name} was answered by ${status}: ${JSON.stringify(body)}`);
  checkPage(of, body, expected);
  return answeredAt - sentAt;
}
