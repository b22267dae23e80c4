import Bowser from 'bowser';

const name = /^[A-Za-z][\w -]{0,39}$/;

/**
 * A name for the device that sent a User-Agent header: `Firefox on Linux`, `curl`. Null when the header says nothing, or what
 * is no name: the text is chosen by the sender, and mails contain it.
 */
export function deviceName(userAgent: string | null | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent);
  // Bowser names an unknown browser with an empty text.
  const program = browser.name || /^[^\s/;(]*/.exec(userAgent)?.[0];
  return [program, os.name].filter((text) => text !== undefined && name.test(text)).join(' on ') || null;
}
