import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mailer.ts';

interface PasswordResetMail {
  to: string;
  token: string;
  publicUrl: string;
  minutes: number;
}

/** A mail with a token for a new password. In the text part, the token is on a line of its own. */
export function passwordResetMail({ to, token, publicUrl, minutes }: PasswordResetMail): Mail {
  const link = `${publicUrl}/api/auth/reset-password/${token}`;
  const intro = `Somebody requested a new password for the account ${to}. If it was you, choose one within ${minutes} minutes.`;
  const how = 'Send PATCH with {"password":"…"} to this address:';
  const outro = 'If it was not you, ignore this mail. Your password stays the same.';
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
