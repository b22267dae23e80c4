import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mail/mailer.ts';

interface ResetMail {
  to: string;
  token: string;
  /** What the links of mails begin with, without a slash at the end. */
  publicUrl: string;
  minutes: number;
}

/** The mail with the token for a new password; in its text part the token is on a line of its own. */
export function resetMail({ to, token, publicUrl, minutes }: ResetMail): Mail {
  const link = `${publicUrl}/api/auth/reset-password/${token}`;
  const intro = `Somebody asked for a new password for the account ${to}. If it was you, you have ${minutes} minutes to choose one.`;
  const how = 'Send PATCH with {"password":"…"} to this address:';
  const outro = 'If it was not you, there is nothing to do: your password stays as it is.';
  return {
    to,
    subject: 'Choose a new password',
    text: [intro, 'Your token:', token, how, link, outro].join('\n\n'),
    html: `<p>${escapeHtml(intro)}</p>
<p>Your token:<br><code>${token}</code></p>
<p>${escapeHtml(how)}<br><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>
<p>${outro}</p>
`,
  };
}
