/** The form of a password that is measured and hashed: every space as U+0020, then NFC (RFC 8265, OpaqueString). */
export const opaqueForm = (password: string): string => password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');

// U+2800 is the blank of Braille, which is neither a space nor ignorable.
const invisible = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]/gu;

/** A text as a guesser sees it: without case, widths and styles of letters (NFKC), blanks and invisible characters. */
export const plainForm = (text: string): string =>
  text.normalize('NFKC').replaceAll(invisible, '').toLowerCase().normalize('NFKC');
