import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mailer.ts';

/** The content of a mail with a token. The link opens a page that uses the token. */
export interface MailedLink {
  to: string;
  token: string;
  link: string;
  /** How long the token works: "15 minutes". */
  lifetime: string;
}

interface LinkMail extends MailedLink {
  subject: string;
  /** The paragraphs before the link. */
  before: string[];
  /** The words of the link in the HTML part. */
  action: string;
  /** The paragraphs after the link. */
  after: string[];
}

/** A mail with a link. In the text part, the link and the token are on lines of their own. */
export function linkMail({ to, subject, before, action, link, token, after }: LinkMail): Mail {
  const forClients = 'If an app asks for a token instead, it is:';
  const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;
  return {
    to,
    subject,
    text: [...before, link, ...after, forClients, token].join('\n\n'),
    html: [
      ...before.map(paragraph),
      `<p><a href="${escapeHtml(link)}">${escapeHtml(action)}</a></p>`,
      ...after.map(paragraph),
      `<p>${forClients}<br><code>${escapeHtml(token)}</code></p>`,
      '',
    ].join('\n'),
  };
}
