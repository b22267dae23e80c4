import { z } from 'zod';
import { flag, invalidCursor, listQuery, pageOf, readPage } from '../http/paging.ts';
import { Problem, problems } from '../problems/problem.ts';
import type { Delivery } from './relay.ts';
import { route, type Route } from '../http/route.ts';

const exampleDelivery = {
  id: '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11',
  since: '2026-11-24T09:30:00.000Z',
  attempts: 3,
  dueAt: '2026-11-24T09:30:06.500Z',
  isParked: false,
  fault: 'auth-service did not answer: ECONNREFUSED, ECONNREFUSED',
};

const OpenDelivery = z
  .object({
    id: z.string().meta({ description: 'The account that it is about.' }),
    since: z.iso.datetime(),
    attempts: z.int(),
    dueAt: z.iso.datetime().nullable().meta({ description: 'The next attempt; null while it is parked.' }),
    isParked: z.boolean(),
    fault: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
  })
  .meta({ id: 'Delivery', examples: [exampleDelivery] });

const Position = z.tuple([z.int().min(0).max(8.64e15), z.string()]);
type Position = z.output<typeof Position>;

/** A document with a mark. */
export interface Marked {
  _id: string;
  delivery: Delivery;
}

/** What is marked, the longest first, and the way to have a parked one told again. */
export interface OpenDeliveries {
  page(
    isParked: boolean | undefined,
    window: { after: { since: Date; id: string } | undefined; offset: number; limit: number },
  ): Promise<Marked[]>;
  count(isParked: boolean | undefined): Promise<number>;
  /** Makes it due now; false when there is no such account. One whose changes are all confirmed stays as it is. */
  release(id: string): Promise<boolean>;
}

/** For admins, below `base`: what other services have not confirmed yet, and a release of what is parked. */
export function deliveriesRoutes(base: string, tag: string, deliveries: OpenDeliveries): Route[] {
  return [
    route({
      method: 'get',
      path: base,
      tag,
      summary: 'List what other services have not confirmed yet (admins)',
      description:
        'Each is told again and again until it is confirmed. What another service refuses for good is parked: it waits for its release.',
      access: { role: 'admin' },
      query: listQuery({
        parked: flag
          .transform((value) => value === 'true')
          .optional()
          .meta({ description: 'Only what is parked, or only what is not.' }),
      }),
      responses: {
        200: {
          description: 'One page, the longest open first',
          schema: pageOf('DeliveryPage', OpenDelivery, [exampleDelivery]),
        },
      },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ query }) => {
        const { parked, ...paging } = query;
        const { rows, page } = await readPage(paging, {
          filter: { parked },
          position: Position,
          positionOf: ({ _id, delivery }: Marked): Position => [delivery.since.getTime(), _id],
          read: ({ after, ...window }) =>
            deliveries.page(parked, {
              ...window,
              after: after && { since: new Date(after[0]), id: after[1] },
            }),
          count: () => deliveries.count(parked),
        });
        return { status: 200, body: { items: rows.map(asOpenDelivery), page } };
      },
    }),
    route({
      method: 'post',
      path: `${base}/:id/release`,
      tag,
      summary: 'Have an account told again at once, parked or not (admins)',
      access: { role: 'admin' },
      params: z.object({ id: z.uuid().toLowerCase() }),
      responses: { 204: { description: 'It is due now, if there is anything left to tell' } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => {
        if (!(await deliveries.release(params.id))) throw new Problem(problems.notFound);
        return { status: 204 };
      },
    }),
  ];
}

const asOpenDelivery = ({ _id, delivery: { since, attempts, dueAt, fault } }: Marked) => ({
  id: _id,
  since: since.toISOString(),
  attempts,
  dueAt: dueAt?.toISOString() ?? null,
  isParked: dueAt === null,
  fault,
});
