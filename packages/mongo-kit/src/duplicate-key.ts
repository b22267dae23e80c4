import { mongo } from 'mongoose';

/** Whether a write failed because another document has the same value of a unique key. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === 11_000;
