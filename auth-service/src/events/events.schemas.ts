import { instant, listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { eventTypes } from '../credentials/event-intents.ts';

const exampleEvent = {
  id: '0198c0de-6a3d-4f0b-9c1e-2b7d8e5f4a90',
  type: 'logged_in' as const,
  at: '2026-11-24T09:30:00.000Z',
  userId: '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11',
  actorId: '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11',
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  details: { sessionId: '0198c0de-7d2a-4b1e-8f0c-5a9e3d7b6c21' },
};

const text = (description: string) => z.string().optional().meta({ description });

const Details = z.object({
  from: text('The role or the email before the change.'),
  to: text('The role or the email after the change.'),
  sessionId: text('The session that was opened or ended.'),
  keyId: text('The `kid` of the signing key.'),
  reason: text(
    'The code of the refusal; what the failures before a lock were counted by (`email`, `device`, `sessions`, `network`); `too_many` for a session that ended because there were more than a hundred.',
  ),
});

const AuditEvent = z
  .object({
    id: z.string(),
    type: z.enum(eventTypes),
    at: z.iso.datetime(),
    userId: z
      .string()
      .nullable()
      .meta({ description: 'The account that the event is about. Null if there is none.' }),
    actorId: z.string().nullable().meta({
      description:
        'The user who did it. Null for the system, an operator, and somebody who did not prove the account.',
    }),
    address: z.string().nullable().meta({
      description: 'The address of the client. Null if it is unknown, or for admins only.',
    }),
    userAgent: z.string().nullable(),
    details: Details,
  })
  .meta({ id: 'AuditEvent', examples: [exampleEvent] });

export const EventPage = pageOf('AuditEventPage', AuditEvent, [exampleEvent]);

export const ListEvents = listQuery({
  userId: z
    .uuid()
    .toLowerCase()
    .optional()
    .meta({
      description: 'Only events about this account. Users who are not admins may name only their own.',
      examples: ['0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11'],
    }),
  type: z
    .enum(eventTypes)
    .optional()
    .meta({ description: 'Only events of this type.', examples: ['login_failed'] }),
  from: instant('Only events at this time or later: a date-time of RFC 3339, or a date (UTC).'),
  to: instant('Only events before this time. The list is empty if `to` is not later than `from`.'),
});

export type EventQuery = z.output<typeof ListEvents>;
