// Compares the three stores and prints each account about which they differ. With --repair, repairs what can be repaired
// without a person. Exits with 0 when nothing differs or everything was repaired, 1 when something differs, 2 on failure.
import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { createContext } from './context.ts';
import { reconcile } from './reconciliation/reconciliation.service.ts';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { repair: { type: 'boolean', default: false } } });
  const isToRepair = values.repair;
  const context = await createContext({ ...readConfig(), LOG_LEVEL: 'silent' });
  let [found, open] = [0, 0];
  try {
    for await (const { id, kinds, left } of reconcile(context, { isToRepair })) {
      found++;
      if (left.length > 0) open++;
      const outcome = left.length === 0 ? 'repaired' : isToRepair ? `left: ${left.join(', ')}` : '';
      console.log([id, kinds.join(', '), outcome].filter((part) => part !== '').join('  '));
    }
  } finally {
    await context.close();
  }
  console.log(
    `Accounts about which the stores differ: ${found}${isToRepair ? `, of which ${open} are left` : ''}.`,
  );
  return open === 0 ? 0 : 1;
}

/** The cause of an error, which names the service that does not answer. */
function reasonOf(error: unknown): string {
  const { cause = error } = Error.isError(error) ? error : {};
  return Error.isError(cause) ? cause.message : String(cause);
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`The stores could not be compared: ${reasonOf(error)}`);
  process.exit(2);
}
