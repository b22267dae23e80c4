import { afterEach, expect, test } from '@jest/globals';
import { recordTracing, until } from '../../testing/index.ts';
import { createLogger } from '../process/logging.ts';
import { currentSpan } from '../process/request-scope.ts';
import { createRelay, newDelivery, type Delivery } from './relay.ts';

interface Item {
  _id: string;
  delivery: Delivery;
}

const lines: { msg: string; trace_id?: string }[] = [];
const log = createLogger('test', 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A relay of which the test sees the polls. */
function startRelay(deliver: () => Promise<void>) {
  const { tracing, ended } = recordTracing();
  const due: Item[] = [];
  const seen = { polls: 0 };
  const relay = createRelay<Item, void>({
    outbox: {
      async claim() {
        seen.polls++;
        return due.shift() ?? null;
      },
      postpone: async () => true,
    },
    deliver,
    classify: (cause) => ({ isPermanent: false, isExpected: true, publicReason: 'a fault', cause }),
    noun: 'thing',
    leaseMs: 1_000,
    pollMs: 2,
    tracing,
    log,
    clock: () => new Date(),
  });
  closings.push(() => relay.close());
  return { attempt: (one: Item) => relay.attempt(one), ended, due, seen };
}

const item = (traceparent: string): Item => ({
  _id: 'a',
  delivery: { ...newDelivery(0, new Date()), traceparent },
});

test('a delivery of the relay is a trace of its own with a link to its cause, and a poll that finds nothing is none', async () => {
  const spans: unknown[] = [];
  const { ended, due, seen } = startRelay(async () => void spans.push(currentSpan()?.traceparent));
  await until(() => seen.polls > 3);
  expect(ended).toEqual([]);
  due.push(item('the cause'));
  await until(() => ended.length > 0);
  expect(ended).toEqual([{ name: 'deliver thing', of: 'the cause', outcome: { error: undefined } }]);
  expect(spans).toEqual(['of the cause']);
});

test('a delivery that fails is a failed span, whose trace is in the log', async () => {
  const fault = new Error('a fault');
  const { ended, due } = startRelay(() => Promise.reject(fault));
  due.push(item('the cause'));
  await until(() => ended.length > 0);
  expect(ended).toEqual([{ name: 'deliver thing', of: 'the cause', outcome: { error: fault } }]);
  expect(lines).toMatchObject([
    { msg: 'delivery failed, will be repeated', trace_id: expect.stringMatching(/^c{32}$/) },
  ]);
});

test('a delivery that a request makes is part of the request', async () => {
  const { attempt, ended } = startRelay(() => Promise.reject(new Error('a fault')));
  await attempt(item('the cause'));
  expect(ended).toEqual([]);
});
