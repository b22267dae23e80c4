import { within } from '@polyglot-notes/service-kit';
import { createTransport } from 'nodemailer';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export type Mailer = ReturnType<typeof createMailer>;

/**
 * Sends mail from the address `from` through the SMTP server at `url` (smtp://user:password@host:port). Each attempt
 * takes `timeoutMs` at most.
 */
export function createMailer(url: string, from: string, timeoutMs: number) {
  const transport = createTransport({
    url,
    connectionTimeout: Math.min(5_000, timeoutMs),
    greetingTimeout: Math.min(5_000, timeoutMs),
    socketTimeout: timeoutMs,
  });

  return {
    /** Resolves when the server has accepted the mail. */
    async send(mail: Mail): Promise<void> {
      await within(timeoutMs, transport.sendMail({ from, ...mail }));
    },
  };
}
