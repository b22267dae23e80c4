import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '@polyglot-notes/service-kit';

/** The services with a database of their own. */
export const servicesWithDatabase = ['auth-service', 'user-service', 'notes-service'] as const;

/**
 * Runs `src/migrate.ts` of these services at once, each in a process of its own with its service's environment. Throws a
 * StartError with the message of one that fails.
 */
export async function migrateDatabases<Service extends string>(
  root: string,
  services: readonly Service[],
  environmentOf: (service: Service) => Record<string, string>,
): Promise<void> {
  await Promise.all(
    services.map((service) => migrate(join(root, service, 'src', 'migrate.ts'), environmentOf(service))),
  );
}

async function migrate(entry: string, env: Record<string, string>): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [entry], { env: { PATH: process.env['PATH'], ...env } });
  } catch (cause) {
    const words = Error.isError(cause) && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new StartError(words, { cause });
  }
}
