// npm run bench -- events: measures lists of the audit trail with 10,000 events against an empty one. See ../README.md.
import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import type { TestSystem } from '@polyglot-notes/local-stack/testing';
import { collectionName } from '../../auth-service/src/events/events.repository.ts';
import { eventTypes, newEvent } from '../../auth-service/src/credentials/event-intents.ts';
import { onTestSystem } from './on-test-system.ts';
import { logInAdmin, registerUsers } from './people.ts';
import { percentile } from './measuring/percentile.ts';
import { send } from './requests.ts';

const count = 10_000;
const minuteMs = 60_000;
const [warmUp, rounds] = [20, 100];
const goal = 3;

/** Gives an account an event for each of the last minutes. */
async function seedEvents({ mongo }: TestSystem, userId: string): Promise<void> {
  const connection = await mongoose.createConnection(mongo.url, { dbName: mongo.auth }).asPromise();
  const author = { actorId: userId, address: '203.0.113.7', userAgent: 'curl/8.14.1' };
  const now = Date.now();
  const events = Array.from({ length: count }, (_, index) => {
    const { id, ...event } = newEvent(
      eventTypes[index % eventTypes.length]!,
      userId,
      author,
      new Date(now - index * minuteMs),
      { sessionId: randomUUID() },
    );
    return { _id: id, ...event };
  });
  await connection.collection<{ _id: string }>(collectionName).insertMany(events);
  await connection.close();
}

async function measure(system: TestSystem): Promise<void> {
  const [busy, quiet] = await registerUsers([system], 2);
  const admin = await logInAdmin(system);
  await seedEvents(system, busy!.id);
  const [own, other] = [busy!, quiet!].map(({ sessions }) => sessions[0].token) as [string, string];
  const hourAgo = new Date(Date.now() - 60 * minuteMs).toISOString();
  const lists: [name: string, token: string, query: string][] = [
    ['empty', other, '?type=refresh_reused'],
    ['own', own, ''],
    ['own, 100 of them', own, '?limit=100'],
    ['own, by type', own, '?type=login_failed'],
    ['own, older than an hour', own, `?to=${hourAgo}`],
    ['all, as an admin', admin, ''],
    ['by account, as an admin', admin, `?userId=${busy!.id}`],
    ['by type, as an admin', admin, '?type=login_failed'],
    ['of the last hour, as an admin', admin, `?from=${hourAgo}`],
    ['own, with the total', own, '?total=true'],
  ];
  const took = new Map(lists.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < warmUp + rounds; round++)
    for (const [name, token, query] of lists) {
      const { status, sentAt, answeredAt } = await send(
        `${system.urls['auth-service']}/api/auth/events${query}`,
        { token },
      );
      if (status !== 200) throw new Error(`${name} answered ${status}`);
      if (round >= warmUp) took.get(name)!.push(answeredAt - sentAt);
    }
  const empty = percentile(took.get('empty')!, 0.5);
  console.table(
    [...took].map(([name, times]) => {
      const ratio = percentile(times, 0.5) / empty;
      return {
        list: name,
        'p50, ms': percentile(times, 0.5).toFixed(1),
        ratio: ratio.toFixed(2),
        goal: ratio <= goal ? 'reached' : 'MISSED',
      };
    }),
  );
}

await onTestSystem(measure);
