import type { Mail, Mailer } from './mailer.ts';

export async function sendOrUndo(mailer: Mailer, mail: Mail, undo: () => Promise<void>): Promise<void> {
  try {
    await mailer.send(mail);
  } catch (error) {
    await undo();
    throw error;
  }
}
