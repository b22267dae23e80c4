import { afterAll, expect, test } from '@jest/globals';
import { recordTracing, send, until } from '@polyglot-notes/service-kit/testing';
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

test.each(['', 'http://other.example'])(
  'a service gets the trace of the gateway, which ends with the response: target %j/api/notes',
  async (origin) => {
    const notes = await recorder();
    const { tracing, ended } = recordTracing();
    const gateway = await gatewayTo({ notes: notes.url }, { tracing });
    await send(gateway, `${origin}/api/notes?search=secret`, { headers: ofClient });
    const ofGateway = `of ${ofClient.traceparent}`;
    expect(notes.reached.map(({ headers }) => sentOn(headers))).toEqual([[ofGateway, undefined, undefined]]);
    await until(() => ended.length === 1);
    expect(ended).toEqual([
      {
        name: 'request',
        of: ofClient.traceparent,
        outcome: {
          name: 'GET notes',
          attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
        },
      },
    ]);
  },
);
