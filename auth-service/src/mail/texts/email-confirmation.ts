import { escapeHtml } from '@polyglot-notes/service-kit';
import type { Mail } from '../mailer.ts';

interface EmailConfirmationMail {
  to: string;
  token: string;
  publicUrl: string;
  hours: number;
}

/** A mail with a token that confirms an email. In the text part, the token is on a line of its own. */
export function emailConfirmationMail({ to, token, publicUrl, hours }: EmailConfirmationMail): Mail {
  const intro = `Somebody wants to use the email ${to} for an account. If it was you, confirm it within ${hours} hours.`;
  const how = `Send POST with {"token":"…"} to ${publicUrl}/api/auth/verify-email`;
  const outro = 'If it was not you, ignore this mail.';
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
