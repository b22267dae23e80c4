import { setTimeout as delay } from 'node:timers/promises';
import { createTransport } from 'nodemailer';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export type Mailer = ReturnType<typeof createMailer>;

const retryAfterMs = [500, 2_000, 10_000];

/**
 * Sends mail from the address `from` through the SMTP server at `url` (smtp://user:password@host:port). When `closing` is
 * aborted, a mail that waits for its next attempt gets one last attempt at once.
 */
export function createMailer(url: string, from: string, closing: AbortSignal) {
  const transport = createTransport({
    url,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });

  return {
    /** Resolves when the server has accepted the mail. Throws the failure of the fourth attempt. */
    async send(mail: Mail): Promise<void> {
      for (const pauseMs of retryAfterMs) {
        try {
          await transport.sendMail({ from, ...mail });
          return;
        } catch (error) {
          // A permanent refusal (5yz).
          if (isPermanent(error) || closing.aborted) throw error;
          await delay(pauseMs, undefined, { signal: closing }).catch(() => {});
        }
      }
      await transport.sendMail({ from, ...mail });
    },
  };
}

const isPermanent = (error: unknown) =>
  Error.isError(error) && 'responseCode' in error && Number(error.responseCode) >= 500;
