import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mailer.ts';

/** The words of one mail, without a token. */
export interface MailText {
  subject: string;
  /** The paragraphs before the link, or all of them. */
  before: string[];
  /** The words of the link in the HTML part. */
  action?: string;
  /** The paragraphs after the link. */
  after?: string[];
}

/** A token, and the link to the page that uses it. */
export interface MailedLink {
  token: string;
  link: string;
}

interface Layout {
  to: string;
  /** The language of the text (BCP 47), for the HTML part. */
  language: string;
  /** The words before a token that a program asks for. */
  forPrograms: string;
  mailed?: MailedLink | undefined;
}

/** The layout of all mails. In the text part, the link and the token are on lines of their own. */
export function layOut(
  { subject, before, action, after = [] }: MailText,
  { to, language, forPrograms, mailed }: Layout,
): Mail {
  const text = [...before, ...(mailed ? [mailed.link] : []), ...after];
  const html = [
    ...before.map(paragraph),
    ...(mailed
      ? [`<p><a href="${escapeHtml(mailed.link)}">${escapeHtml(action ?? mailed.link)}</a></p>`]
      : []),
    ...after.map(paragraph),
  ];
  if (mailed !== undefined) {
    text.push(forPrograms, mailed.token);
    html.push(`<p>${escapeHtml(forPrograms)}<br><code>${escapeHtml(mailed.token)}</code></p>`);
  }
  return { to, subject, text: text.join('\n\n'), html: page(language, subject, html.join('\n')) };
}

const paragraph = (text: string) => `<p>${escapeHtml(text)}</p>`;

const page = (language: string, title: string, body: string) => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="max-width: 36em; margin: 2em auto; font-family: sans-serif; line-height: 1.5">
${body}
</body>
</html>
`;
