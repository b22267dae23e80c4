import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mailer.ts';

export function emailChangedMail(to: string, newEmail: string): Mail {
  const text = `The email of your account is now ${newEmail}. If you did not change it, contact the operator of this service.`;
  return { to, subject: 'Your email was changed', text, html: `<p>${escapeHtml(text)}</p>\n` };
}
