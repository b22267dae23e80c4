import { setTimeout as delay } from 'node:timers/promises';

/** A mail as the catcher shows it. */
export interface CaughtMail {
  subject: string;
  text: string;
  html: string;
  to: { address: string }[];
  from: { address: string; name: string }[];
}

/** The mails to an address that the catcher at `mailUrl` has, the oldest first. */
export async function mailsTo(
  address: string,
  mailUrl = process.env['TEST_MAIL_URL'] ?? '',
): Promise<CaughtMail[]> {
  const response = await fetch(`${mailUrl}/api/email`);
  const mails = (await response.json()) as CaughtMail[];
  return mails.filter(({ to }) => to.some((recipient) => recipient.address === address));
}

/** Waits until there are `count` mails to the address. Throws when there are not within ten seconds, or more. */
export async function waitForMails(address: string, count: number): Promise<CaughtMail[]> {
  const givesUp = Date.now() + 10_000;
  let mails = await mailsTo(address);
  while (mails.length < count && Date.now() < givesUp) {
    await delay(50);
    mails = await mailsTo(address);
  }
  if (mails.length !== count) throw new Error(`${mails.length} mails to ${address} instead of ${count}`);
  return mails;
}

/** The token that a mail carries on a line of its own. */
export function tokenIn({ text }: CaughtMail): string {
  const [token] = /^[A-Za-z0-9_-]{43}$/m.exec(text) ?? [];
  if (token === undefined) throw new Error(`no token in the mail:\n${text}`);
  return token;
}
