import type { MailIntent } from '../../credentials/mail-intents.ts';
import type { Mail } from '../mailer.ts';
import { english } from './english.ts';
import { layOut, type MailedLink, type MailText } from './layout.ts';

/** All mails in one language. */
export type Texts = Record<MailIntent['kind'], (mail: MailIntent) => MailText> & {
  language: string;
  forPrograms: string;
};

/** A mail, with the link and the token of those that have one. */
export function writeMail(mail: MailIntent, mailed: MailedLink | undefined): Mail {
  const { language, forPrograms, ...texts } = english;
  return layOut(texts[mail.kind](mail), { to: mail.to, language, forPrograms, mailed });
}
