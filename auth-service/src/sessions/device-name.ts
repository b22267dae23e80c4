import Bowser from 'bowser';

/** A name for the device that sent a User-Agent header: `Firefox on Linux`, `curl`. Null when the header says nothing. */
export function deviceName(userAgent: string | null | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent);
  // Bowser names an unknown browser with an empty text.
  const program = browser.name || /^[A-Za-z][\w.-]*/.exec(userAgent)?.[0];
  return [program, os.name].filter((name) => name !== undefined && name !== '').join(' on ') || null;
}
