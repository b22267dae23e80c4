import type { Mail, Mailer } from './mailer.ts';

/** Sends a mail. When that fails, runs `undo` and throws the failure. */
export async function sendOrUndo(mailer: Mailer, mail: Mail, undo: () => Promise<void>): Promise<void> {
  try {
    await mailer.send(mail);
  } catch (error) {
    await undo();
    throw error;
  }
}
