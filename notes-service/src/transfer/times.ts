import { z } from 'zod';
import { beginOfYear1, endOfYear9999 } from '../notes/times.ts';

const Time = z.iso.datetime({ offset: true });
const isoLike =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?[ ]?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;
const inWords = /^[A-Z][a-z]+ \d{1,2}, \d{4}(?: \d{1,2}:\d{2} [AP]M)?$/;

/** Reads the times that other programs write, as RFC 3339, in the years 1 to 9999. A time without a zone counts as UTC. */
export function readTime(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (inWords.test(value)) return ofDate(new Date(`${value} UTC`));
  const [, day, minutes = '00:00', seconds = '00', zone = 'Z'] = isoLike.exec(value) ?? [];
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  const { success, data } = Time.safeParse(`${day}T${minutes}:${seconds}${offset}`);
  return success ? ofDate(new Date(data)) : undefined;
}

const ofDate = (date: Date) =>
  date.getTime() >= beginOfYear1 && date.getTime() <= endOfYear9999 ? date.toISOString() : undefined;
