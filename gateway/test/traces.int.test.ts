import { afterAll, expect, test } from '@jest/globals';
import type { Tracing } from '@polyglot-notes/service-kit';
import { send, until } from '@polyglot-notes/service-kit/testing';
import { gatewayTo } from './gateway.ts';
import { closeAll, recorder } from './upstreams.ts';

afterAll(closeAll);

const ofClient = {
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  tracestate: 'vendor=1',
  baggage: 'user=ada',
};
const sentOn = ({ traceparent, tracestate, baggage }: Record<string, unknown>) => [
  traceparent,
  tracestate,
  baggage,
];

test('the trace of a client goes no further', async () => {
  const notes = await recorder();
  const gateway = await gatewayTo({ notes: notes.url });
  await send(gateway, '/api/notes', { headers: ofClient });
  expect(notes.reached.map(({ headers }) => sentOn(headers))).toEqual([[undefined, undefined, undefined]]);
});

test('a service gets the trace of the gateway, which ends with the response', async () => {
  const notes = await recorder();
  const begun: unknown[] = [];
  const ended: unknown[] = [];
  const tracing: Tracing = {
    begin(traceparent) {
      begun.push(traceparent);
      return {
        traceId: 'c'.repeat(32),
        traceparent: 'that of the gateway',
        child: () => {
          throw new Error('the gateway has one span');
        },
        end: (outcome) => void ended.push(outcome),
      };
    },
    resume: () => undefined,
    close: async () => {},
  };
  const gateway = await gatewayTo({ notes: notes.url }, { tracing });
  await send(gateway, '/api/notes?search=secret', { headers: ofClient });
  expect(begun).toEqual([ofClient.traceparent]);
  expect(notes.reached.map(({ headers }) => sentOn(headers))).toEqual([
    ['that of the gateway', undefined, undefined],
  ]);
  await until(() => ended.length === 1);
  expect(ended).toEqual([
    {
      name: 'GET notes',
      attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
    },
  ]);
});
