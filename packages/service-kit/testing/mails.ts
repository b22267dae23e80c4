import { until } from './waiting.ts';

/** A mail as the mail catcher shows it. */
export interface CaughtMail {
  subject: string;
  text: string;
  html: string;
  to: { address: string }[];
  from: { address: string; name: string }[];
}

/** The mails to an address in the mail catcher at `mailUrl`, the oldest first. */
export async function mailsTo(
  address: string,
  mailUrl = process.env['TEST_MAIL_URL'] ?? '',
): Promise<CaughtMail[]> {
  const response = await fetch(`${mailUrl}/api/email?to.address=${encodeURIComponent(address)}`);
  return (await response.json()) as CaughtMail[];
}

/**
 * Waits until there are `count` mails to the address, of all subjects or of one. Throws when there are more, or fewer after
 * the time limit.
 */
export async function waitForMails(address: string, count: number, subject?: string): Promise<CaughtMail[]> {
  let mails: CaughtMail[] = [];
  const haveCome = async () => {
    mails = (await mailsTo(address)).filter((mail) => subject === undefined || mail.subject === subject);
    return mails.length >= count;
  };
  await until(haveCome).catch(() => {}); // the number of mails tells more than the time limit
  if (mails.length !== count) throw new Error(`${mails.length} mails to ${address} instead of ${count}`);
  return mails;
}

/** The token on a line of its own in a mail. */
export function tokenIn({ text }: CaughtMail): string {
  const [token] = /^[A-Za-z0-9_-]{43}$/m.exec(text) ?? [];
  if (token === undefined) throw new Error(`no token in the mail:\n${text}`);
  return token;
}
