import { z } from 'zod';
import { flag, invalidCursor, listQuery, pageOf, readPage, TimePosition } from '../http/paging.ts';
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

const deliveryView = (noun: string) =>
  z
    .object({
      id: z.string().meta({ description: `The id of the ${noun}.` }),
      since: z.iso.datetime(),
      attempts: z.int(),
      dueAt: z.iso.datetime().nullable().meta({ description: 'The next attempt; null while it is parked.' }),
      isParked: z.boolean(),
      fault: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
    })
    .meta({ id: 'Delivery', examples: [exampleDelivery] });

/** The id of a document and its pending delivery. */
export interface PendingDelivery {
  _id: string;
  delivery: Delivery;
}

/** The pending deliveries of one kind of document, for admins. */
export interface PendingDeliveries {
  /** One page, the oldest first. `isParked` limits it to parked deliveries, or to those that are not parked. */
  page(
    isParked: boolean | undefined,
    window: { after: { since: Date; id: string } | undefined; offset: number; limit: number },
  ): Promise<PendingDelivery[]>;
  count(isParked: boolean | undefined): Promise<number>;
  /** Makes the delivery of a document due now, if it has one. False when there is no such document. */
  release(id: string): Promise<boolean>;
}

interface DeliveriesRoutesOptions {
  /** The path of the list. */
  base: string;
  tag: string;
  /** What is delivered, for the API reference. */
  noun: string;
  deliveries: PendingDeliveries;
}

/** The routes by which admins list pending deliveries and release parked ones. */
export function deliveriesRoutes({ base, tag, noun, deliveries }: DeliveriesRoutesOptions): Route[] {
  return [
    route({
      method: 'get',
      path: base,
      tag,
      summary: 'List pending deliveries (admins)',
      description:
        'A delivery is repeated until the other service confirms it. A delivery that can never succeed is parked until an admin releases it.',
      access: { role: 'admin' },
      query: listQuery({
        parked: flag
          .transform((value) => value === 'true')
          .optional()
          .meta({
            description: 'Only parked deliveries (`true`) or only the others (`false`).',
            examples: [true],
          }),
      }),
      responses: {
        200: {
          description: 'One page, the oldest delivery first',
          schema: pageOf('DeliveryPage', deliveryView(noun), [exampleDelivery]),
        },
      },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ query }) => {
        const { parked, ...paging } = query;
        const { rows, page } = await readPage(paging, {
          filter: { parked },
          position: TimePosition,
          positionOf: ({ _id, delivery }: PendingDelivery): TimePosition => [delivery.since.getTime(), _id],
          read: ({ after, ...window }) =>
            deliveries.page(parked, {
              ...window,
              after: after && { since: new Date(after[0]), id: after[1] },
            }),
          count: () => deliveries.count(parked),
        });
        return { status: 200, body: { items: rows.map(asView), page } };
      },
    }),
    route({
      method: 'post',
      path: `${base}/:id/release`,
      tag,
      summary: 'Retry a delivery now, parked or not (admins)',
      access: { role: 'admin' },
      params: z.object({ id: z.uuid().toLowerCase() }),
      responses: { 204: { description: 'The delivery is due now, or there is none' } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => {
        if (!(await deliveries.release(params.id))) throw new Problem(problems.notFound);
        return { status: 204 };
      },
    }),
  ];
}

const asView = ({ _id, delivery: { since, attempts, dueAt, fault } }: PendingDelivery) => ({
  id: _id,
  since: since.toISOString(),
  attempts,
  dueAt: dueAt?.toISOString() ?? null,
  isParked: dueAt === null,
  fault,
});
