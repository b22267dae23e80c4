import { flag, listQuery, pageOf } from '@polyglot-notes/service-kit';
import { z } from 'zod';
import { noticeKinds, tokenMailKinds } from '../credentials/mail-intents.ts';

const exampleMail = {
  id: '0198c0de-5a1b-4c2d-9e3f-7a8b9c0d1e2f',
  kind: 'resetPassword' as const,
  to: 'ada@example.com',
  userId: '0198c0de-3b1f-4c55-9d3a-2f6f0c1a7e11',
  since: '2026-11-24T09:30:00.000Z',
  attempts: 3,
  dueAt: '2026-11-24T09:30:06.500Z',
  isParked: false,
  fault: 'the mail server cannot be reached: ECONNREFUSED',
};

const WaitingMail = z
  .object({
    id: z.string(),
    kind: z.enum([...tokenMailKinds, ...noticeKinds]),
    to: z.string(),
    userId: z.string().meta({ description: 'The id of the account, which may have been erased since.' }),
    since: z.iso.datetime(),
    attempts: z.int(),
    dueAt: z.iso.datetime().nullable().meta({ description: 'The next attempt; null while it is parked.' }),
    isParked: z.boolean(),
    fault: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
  })
  .meta({ id: 'Mail', examples: [exampleMail] });

export const MailPage = pageOf('MailPage', WaitingMail, [exampleMail]);

export const ListMails = listQuery({
  parked: flag
    .transform((value) => value === 'true')
    .optional()
    .meta({
      description: 'Only parked mails (`true`) or only the others (`false`).',
      examples: [true],
    }),
});

export const MailParams = z.object({ id: z.uuid().toLowerCase() });
