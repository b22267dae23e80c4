import { DatabaseError, type Pool, type QueryResultRow } from 'pg';
import { CommandError, errorFor } from './errors.ts';

/**
 * Runs one SQL statement on DocumentDB and returns its first row, BSON columns cast to text as Buffers by
 * `bsonOf`. Buffers go in as BSON. Throws CommandError with the code MongoDB would use.
 */
export type Storage = <Row extends QueryResultRow>(
  sql: string,
  values: unknown[],
) => Promise<Row | undefined>;

/** The storage on a pool of connections to PostgreSQL. */
export function storageOn(pool: Pool): Storage {
  return async <Row extends QueryResultRow>(sql: string, values: unknown[]) => {
    try {
      return (await pool.query<Row>(sql, values)).rows[0];
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const { code, codeName } = errorFor(error.code ?? '');
      throw new CommandError(code, codeName, error.message);
    }
  };
}

/** The BSON behind DocumentDB's text form, which is "BSONHEX" and hexadecimal digits. */
export const bsonOf = (text: string | undefined): Buffer =>
  Buffer.from((text ?? '').slice('BSONHEX'.length), 'hex');
