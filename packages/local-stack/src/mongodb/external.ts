import { errorMessage } from '@polyglot-notes/service-kit';
import { MongoClient } from 'mongodb';

/** Checks that a MongoDB answers at the URL. Throws one sentence, without the URL's password, when none does. */
export async function pingMongo(url: string): Promise<void> {
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(url, { serverSelectionTimeoutMS: 4000 });
    await client.db().command({ ping: 1 });
  } catch (cause) {
    throw new Error(
      `No MongoDB answers at MONGODB_URL ${withoutPassword(url)} (${errorMessage(cause)}): start it, or unset MONGODB_URL to get one here.`,
      { cause },
    );
  } finally {
    await client?.close();
  }
}

/** The URL without its password, for messages. */
export const withoutPassword = (url: string): string => url.replace(/^([^:]+:\/\/[^:/@]*):.*@/, '$1:…@');
