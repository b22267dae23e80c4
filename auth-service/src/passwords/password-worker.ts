// Runs in worker threads: a comparison takes a quarter of a second, which would block the event loop.
import bcrypt from 'bcryptjs';

export const hash = ({ password, cost }: { password: string; cost: number }): string =>
  bcrypt.hashSync(password, cost);

export const compare = ({ password, hashed }: { password: string; hashed: string }): boolean =>
  bcrypt.compareSync(password, hashed);
