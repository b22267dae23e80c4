import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mail/mailer.ts';

interface ConfirmationMail {
  to: string;
  token: string;
  /** What the addresses in mails begin with, without a slash at the end. */
  publicUrl: string;
  hours: number;
}

/** The mail with the token that confirms an email; in its text part the token is on a line of its own. */
export function confirmationMail({ to, token, publicUrl, hours }: ConfirmationMail): Mail {
  const address = `${publicUrl}/api/auth/verify-email`;
  const intro = `Somebody wants to use the email ${to} for an account. If it was you, you have ${hours} hours to confirm it.`;
  const how = `Send POST with {"token":"…"} to ${address}`;
  const outro = 'If it was not you, there is nothing to do.';
  return {
    to,
    subject: 'Confirm your email',
    text: [intro, 'Your token:', token, how, outro].join('\n\n'),
    html: `<p>${escapeHtml(intro)}</p>
<p>Your token:<br><code>${token}</code></p>
<p>${escapeHtml(how)}</p>
<p>${outro}</p>
`,
  };
}

/** Tells the earlier email of an account that there is another one now. */
export function changedMail(to: string, newEmail: string): Mail {
  const text = `The email of your account is ${newEmail} now. If it was not you who changed it, turn to whoever runs this service.`;
  return { to, subject: 'Your email was changed', text, html: `<p>${escapeHtml(text)}</p>\n` };
}
