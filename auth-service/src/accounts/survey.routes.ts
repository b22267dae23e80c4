import { Problem, problems, route, type Route } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { accessVersion, type Credential } from './credential.model.ts';

const tag = 'Internal';
const access = { callers: ['user-service'] };
const params = z.object({ id: z.uuid() });
const pageSize = 1_000;

const Account = z.object({
  id: z.string(),
  state: z.enum(['pending', 'active', 'withdrawing']),
  version: z.int(),
  email: z.string(),
  emailVerified: z.boolean(),
  role: z.enum(['user', 'admin']),
  status: z.enum(['active', 'deactivated', 'deleting']),
  accountVersion: z.int(),
  accessRevocations: z.int(),
  sessionRevocations: z.int(),
  minVer: z.int(),
  /** Since when user-service has not confirmed it, and whether it is told again by itself. */
  delivery: z.object({ since: z.iso.datetime(), isParked: z.boolean() }).nullable(),
});

const FoundAccount = z.union([Account, z.object({ id: z.string(), state: z.enum(['erased', 'absent']) })]);

const asAccount = ({ _id, delivery, ...credential }: Credential) => ({
  ...credential,
  id: _id,
  minVer: accessVersion({ _id, ...credential }),
  delivery: delivery ? { since: delivery.since.toISOString(), isParked: delivery.dueAt === null } : null,
});

type Dependencies = Pick<Context, 'credentials' | 'erasures' | 'deliveries'>;

/** For the comparison of all stores: what is held here, and a way to have it told again. */
export function surveyRoutes({ credentials, erasures, deliveries }: Dependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/internal/accounts',
      tag,
      summary: 'List all accounts by id, a thousand at a time',
      access,
      query: z.object({ after: z.string().default('') }),
      responses: { 200: { description: 'Those after an id', schema: z.object({ items: z.array(Account) }) } },
      handler: async ({ query }) => {
        const found = await credentials.after(query.after, pageSize);
        return { status: 200, body: { items: found.map(asAccount) } };
      },
    }),
    route({
      method: 'get',
      path: '/internal/accounts/:id',
      tag,
      summary: 'Read an account, or whether it was erased',
      access,
      params,
      responses: { 200: { description: 'What is held of it', schema: FoundAccount } },
      handler: async ({ params: { id } }) => {
        const found = await credentials.find(id);
        if (found !== null) return { status: 200, body: asAccount(found) };
        const state = (await erasures.has(id)) ? ('erased' as const) : ('absent' as const);
        return { status: 200, body: { id, state } };
      },
    }),
    route({
      method: 'put',
      path: '/internal/accounts/:id/redelivery',
      tag,
      summary: 'Have user-service told of an account again, by a version above the one that it holds',
      access,
      params,
      body: z.strictObject({ above: z.int().min(0) }),
      responses: { 200: { description: 'It is due now', schema: z.object({ id: z.string() }) } },
      handler: async ({ params: { id }, body }) => {
        const found = await credentials.find(id);
        if (found === null) throw new Problem(problems.notFound);
        if (found.state === 'active') await credentials.redeliver(found, body.above);
        else await deliveries.release(id);
        return { status: 200, body: { id } };
      },
    }),
  ];
}
