import { stat } from 'node:fs/promises';
import { errorCode } from '@polyglot-notes/service-kit';

/** Whether the path leads to a file or folder; a dangling link does not. Throws when it cannot be looked at. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
