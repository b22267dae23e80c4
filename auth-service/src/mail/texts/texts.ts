import type { MailIntent } from '../../credentials/mail-intents.ts';
import type { Mail } from '../mailer.ts';
import { english } from './english.ts';
import { layOut, type MailedLink, type MailText } from './layout.ts';

/** All mails in one language. */
export type Texts = Record<MailIntent['kind'], (mail: MailIntent) => MailText> & {
  language: string;
  forPrograms: string;
};

// A further language is one more file here, and one more name.
const languages = { en: english };

export type Locale = keyof typeof languages;

/** A mail in the language `locale`, with the link and the token of those that have one. */
export function writeMail(mail: MailIntent, mailed: MailedLink | undefined, locale: Locale = 'en'): Mail {
  const { language, forPrograms, ...texts } = languages[locale];
  return layOut(texts[mail.kind](mail), { to: mail.to, language, forPrograms, mailed });
}
