import { createHmac, hkdfSync } from 'node:crypto';

export type LockKeys = ReturnType<typeof createLockKeys>;

/** The ids of counters and known devices. A reader of the database cannot test guesses of emails or networks against them. */
export function createLockKeys(keyEncryptionKey: Buffer) {
  const key = Buffer.from(hkdfSync('sha256', keyEncryptionKey, '', 'login locks', 32));
  const idOf = (...parts: string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  return {
    ofNetwork: (network: string) => idOf('network', network),
    ofEmail: (email: string) => idOf('email', email),
    ofDevice: (userId: string, network: string) => idOf('device', userId, network),
    ofSessions: (userId: string) => idOf('sessions', userId),
  };
}
