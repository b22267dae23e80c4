// Compares what the three stores hold of all accounts and names what differs; with --repair it is repaired where that
// can be done without a person. Ends with 0 when nothing differs (any more), 1 when something does, 2 when it failed.
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

/** Which service, rather than that there is one that cannot be reached. */
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
