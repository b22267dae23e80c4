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
 * Sends mail from the address `from` through the SMTP server that `url` names (smtp://user:password@host:port). Once
 * `closing` is aborted there are no more pauses: a mail that is under way gets one last try.
 */
export function createMailer(url: string, from: string, closing: AbortSignal) {
  const transport = createTransport({
    url,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });

  return {
    /** Resolves when the server has taken the mail; tries four times in all. Throws the last failure. */
    async send(mail: Mail): Promise<void> {
      for (const pauseMs of retryAfterMs) {
        try {
          await transport.sendMail({ from, ...mail });
          return;
        } catch (error) {
          // A server that refuses for good (5yz) will not take the same mail a moment later.
          if (isRefusal(error) || closing.aborted) throw error;
          await delay(pauseMs, undefined, { signal: closing }).catch(() => {});
        }
      }
      await transport.sendMail({ from, ...mail });
    },
  };
}

const isRefusal = (error: unknown) =>
  Error.isError(error) && 'responseCode' in error && Number(error.responseCode) >= 500;
