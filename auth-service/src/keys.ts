// Lists, rotates, retires and reseals the signing keys. Exits with 0, with 1 when the command is refused or fails, and with
// 2 when its arguments are not valid.
import { connect, requireMigrations } from '@polyglot-notes/mongo-kit';
import { runCommand } from '@polyglot-notes/service-kit';
import { readConfig } from './config.ts';
import { createEventsRepository } from './events/events.repository.ts';
import { migrations } from './migrations.ts';
import { parseKeysArguments, usage, type KeysArguments } from './signing-keys/keys-arguments.ts';
import { runKeysCommand } from './signing-keys/keys-command.ts';
import { createSigningKeysRepository } from './signing-keys/signing-keys.repository.ts';

async function run(given: KeysArguments): Promise<string> {
  const config = readConfig();
  const clock = () => new Date();
  const db = await connect(config.MONGODB_URL, config.MONGODB_DATABASE);
  try {
    await requireMigrations(db, migrations);
    return await runKeysCommand(given, {
      repository: createSigningKeysRepository(db),
      sealingKeys: config.sealingKeys,
      clock,
      events: createEventsRepository(db, { clock, auditDays: config.AUDIT_DAYS }),
      leadSeconds: config.SIGNING_KEY_LEAD_SECONDS,
      accessTokenSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
    });
  } finally {
    await db.close();
  }
}

await runCommand({ given: parseKeysArguments(process.argv.slice(2)), usage, run });
