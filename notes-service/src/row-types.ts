import pg from 'pg';

const { TIMESTAMPTZ } = pg.types.builtins;
// pg has no name for it.
const textArray = 1009 as typeof TIMESTAMPTZ;

const parseTime = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;
const parseTexts = pg.types.getTypeParser(textArray) as (text: string) => string[];

/** Reads a time of a session in UTC as ISO 8601 text, without a Date where it has three digits of a second. */
export const isoTime = (text: string): string =>
  text.length === 26 && text.endsWith('+00')
    ? `${text.slice(0, 10)}T${text.slice(11, 23)}Z`
    : parseTime(text).toISOString();

const hasQuotesOrNull = /["\\]|NULL/;

/** Reads an array of texts. */
export function textsOf(text: string): string[] {
  if (text === '{}') return [];
  return hasQuotesOrNull.test(text) ? parseTexts(text) : text.slice(1, -1).split(',');
}

const parsers = new Map<number, (text: string) => unknown>([
  [TIMESTAMPTZ, isoTime],
  [textArray, textsOf],
]);

/** The types of the rows of a reader: those of pg, but times as ISO 8601 text. The parsers of pg take several times as long. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: ((type: number, format?: 'text' | 'binary') =>
    parsers.get(type) ?? pg.types.getTypeParser(type, format)) as pg.CustomTypesConfig['getTypeParser'],
};
