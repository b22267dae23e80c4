import {
  invalidCursor,
  Problem,
  problems,
  readPage,
  route,
  TimePosition,
  type Route,
} from '@polyglot-notes/service-kit';
import type { ListedMail, MailsRepository } from './mails.repository.ts';
import { ListMails, MailPage, MailParams } from './mails.schemas.ts';

const tag = 'Auth';
const access = { role: 'admin' } as const;

interface Dependencies {
  mails: Pick<MailsRepository, 'page' | 'count' | 'release' | 'drop'>;
  mailRelay: { wake(): void };
}

/** The routes by which admins list the mails that wait or were refused, release them and drop them. */
export function mailsRoutes({ mails, mailRelay }: Dependencies): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/auth/mails',
      tag,
      summary: 'List the mails that are not sent yet (admins)',
      description:
        'A mail is tried again until the mail server accepts it, for a day to a week. A mail that the server refuses permanently, or that is older, is parked until an admin releases or drops it.',
      access,
      query: ListMails,
      responses: { 200: { description: 'One page, the oldest mail first', schema: MailPage } },
      problems: [invalidCursor, problems.tokenRevoked],
      handler: async ({ query: { parked, ...paging } }) => {
        const { rows, page } = await readPage(paging, {
          filter: { parked },
          position: TimePosition,
          positionOf: ({ id, since }: ListedMail): TimePosition => [since.getTime(), id],
          read: ({ after, ...window }) =>
            mails.page(parked, { ...window, after: after && { since: new Date(after[0]), id: after[1] } }),
          count: () => mails.count(parked),
        });
        return { status: 200, body: { items: rows.map(asView), page } };
      },
    }),
    route({
      method: 'post',
      path: '/api/auth/mails/:id/release',
      tag,
      summary: 'Send a mail now, parked or not (admins)',
      description:
        'Makes the mail due. One whose recipient has had too many mails waits again until the end of the window.',
      access,
      params: MailParams,
      responses: { 204: { description: 'The mail is due now' } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => {
        if (!(await mails.release(params.id))) throw new Problem(problems.notFound);
        mailRelay.wake();
        return { status: 204 };
      },
    }),
    route({
      method: 'delete',
      path: '/api/auth/mails/:id',
      tag,
      summary: 'Drop a mail that is not sent yet (admins)',
      access,
      params: MailParams,
      responses: { 204: { description: 'The mail is not sent. One that is being sent may still arrive.' } },
      problems: [problems.tokenRevoked],
      handler: async ({ params }) => {
        if (!(await mails.drop(params.id))) throw new Problem(problems.notFound);
        return { status: 204 };
      },
    }),
  ];
}

const asView = ({ since, dueAt, ...mail }: ListedMail) => ({
  ...mail,
  since: since.toISOString(),
  dueAt: dueAt?.toISOString() ?? null,
  isParked: dueAt === null,
});
