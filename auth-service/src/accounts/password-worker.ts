// Runs in worker threads: bcrypt in JavaScript takes a quarter of a second that the event loop does not have.
import bcrypt from 'bcryptjs';

export const hash = ({ password, cost }: { password: string; cost: number }): string =>
  bcrypt.hashSync(password, cost);

export const compare = ({ password, hashed }: { password: string; hashed: string }): boolean =>
  bcrypt.compareSync(password, hashed);
