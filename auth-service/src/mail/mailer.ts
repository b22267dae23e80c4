import { currentSpan } from '@polyglot-notes/service-kit';
import { createTransport } from 'nodemailer';
import { isSmtpError, MailError } from './mail-failures.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

interface MailerOptions {
  /** smtp://user:password@host:port */
  url: string;
  /** The address of the sender, with or without a name. */
  from: string;
  /** The longest time of one attempt. */
  timeoutMs: number;
  /** Ends the attempts that run. */
  stopping: AbortSignal;
}

export type Mailer = ReturnType<typeof createMailer>;

/** Sends mails through an SMTP server. */
export function createMailer({ url, from, timeoutMs, stopping }: MailerOptions) {
  const [, domain = 'localhost'] = /@([^\s@>]+)>?\s*$/.exec(from) ?? [];
  const greetingMs = Math.min(5_000, timeoutMs);
  const options = {
    url,
    connectionTimeout: greetingMs,
    greetingTimeout: greetingMs,
    socketTimeout: timeoutMs,
  };

  return {
    /** Resolves when the server has accepted the mail. A repeat with the same `id` is the same mail for the recipient. Throws a MailError. */
    async send(mail: Mail, id: string): Promise<void> {
      const transport = createTransport(options);
      let isContentRead = false;
      transport.use('stream', ({ message }, done) => {
        // nodemailer reads the content once the server has accepted the recipient and asks for it.
        message.processFunc((content) => content.once('resume', () => (isContentRead = true)));
        done();
      });
      const span = currentSpan()?.child('smtp');
      try {
        await transport.sendMail({
          from,
          ...mail,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]),
        });
        span?.end();
      } catch (error) {
        span?.end({ error });
        throw new MailError(error, isContentRead && !isSmtpError(error));
      }
    },
  };
}
