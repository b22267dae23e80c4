import { listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { Role, Status } from '../profiles/account-state.ts';
import { exampleUser, UpdateMe, User } from '../profiles/profiles.schemas.ts';

const Sort = z.enum(['createdAt', '-createdAt', 'username', 'email']);
export type SortName = z.output<typeof Sort>;

const maxSearch = 1_000;

/** Any text is a valid search. Characters that no email or username can contain are dropped. */
const Search = z.string().transform((text) => {
  const plain = text.replaceAll(/[\0\p{Cs}]/gu, '').trim();
  return plain === '' ? undefined : Array.from(plain).slice(0, maxSearch).join('').toLowerCase();
});

export const ListAccounts = listQuery({
  search: Search.optional().meta({
    description: 'A part of the email or the username, in any case. Every text is allowed.',
    examples: ['ada'],
  }),
  role: Role.optional().meta({ description: 'Only accounts with this role.', examples: ['admin'] }),
  status: Status.optional().meta({ description: 'Only accounts with this status.', examples: ['active'] }),
  sort: Sort.default('-createdAt').meta({
    description: 'The order; `-createdAt`: the latest first.',
    examples: ['username'],
  }),
});

export const AccountPage = pageOf('UserPage', User, [exampleUser]);

export const PatchAccount = UpdateMe.extend({
  role: Role.optional(),
  status: Status.exclude(['deleting']).optional(),
}).meta({ examples: [{ status: 'deactivated' }, { role: 'admin' }] });

export const AccountParams = z.object({ id: z.uuid().toLowerCase() });

const pending = {
  id: exampleUser.id,
  state: 'pending' as const,
  requestedAt: '2026-11-24T10:00:00.000Z',
};
const completed = {
  ...pending,
  state: 'completed' as const,
  removed: {
    profile: 1,
    credentials: 1,
    sessions: 2,
    notes: 42,
    trashedNotes: 2,
    noteVersions: 120,
    idempotencyKeys: 1,
  },
  completedAt: '2026-11-24T10:00:00.120Z',
};

export const PendingDeletion = z
  .object({ id: z.string(), state: z.literal('pending'), requestedAt: z.iso.datetime() })
  .meta({ id: 'PendingDeletion', examples: [pending] });

export const CompletedDeletion = z
  .object({
    id: z.string(),
    state: z.literal('completed'),
    removed: z.object({
      profile: z.int(),
      credentials: z.int(),
      sessions: z.int(),
      notes: z.int().meta({ description: 'All notes, those in the trash included.' }),
      trashedNotes: z.int().meta({ description: 'The notes in the trash.' }),
      noteVersions: z.int().meta({ description: 'The earlier versions of all notes.' }),
      idempotencyKeys: z.int(),
    }),
    requestedAt: z.iso.datetime(),
    completedAt: z.iso.datetime(),
  })
  .meta({ id: 'CompletedDeletion', examples: [completed] });

export const Deletion = z
  .discriminatedUnion('state', [CompletedDeletion, PendingDeletion])
  .meta({ id: 'Deletion', examples: [completed, pending] });

export type AccountChanges = z.output<typeof PatchAccount>;
export type AccountQuery = z.output<typeof ListAccounts>;
export type Deletion = z.output<typeof Deletion>;
