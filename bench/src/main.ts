// npm run bench -- <name>: runs one of the measurements. See ../README.md.
import { spawnSync } from 'node:child_process';
import type { Measurement } from './measuring/measurement.ts';
import { isOptionError } from './measuring/option-error.ts';

interface Listed {
  file: string;
  measures: string;
  minutes: number;
}

const measurements: Record<string, Listed> = {
  gateway: { file: './gateway/main.ts', measures: 'what the gateway costs beside bare proxies', minutes: 7 },
  path: {
    file: './path/main.ts',
    measures: 'a list of notes through everything against node:http and pg alone',
    minutes: 3,
  },
  logins: { file: './logins/main.ts', measures: 'logins, and what they cost other requests', minutes: 4 },
  connections: { file: './connections.ts', measures: '1 to 1,000 connections to the gateway', minutes: 4 },
  accounts: { file: './accounts/main.ts', measures: 'calls among up to a million accounts', minutes: 4 },
  memory: { file: './memory.ts', measures: 'memory of each service during 400,000 requests', minutes: 10 },
  workers: { file: './workers.ts', measures: 'services with one and with two workers', minutes: 3 },
  revocation: {
    file: './revocation-delay.ts',
    measures: 'how fast the tokens of a deactivated account or an ended session are refused',
    minutes: 3,
  },
  search: {
    file: './search/main.ts',
    measures: 'lists and searches among up to ten million notes',
    minutes: 15,
  },
  neighbour: {
    file: './neighbour.ts',
    measures: "how much one user's searches slow down another user",
    minutes: 2,
  },
  tags: {
    file: './tags.ts',
    measures: 'the rename of a tag of 50,000 notes, while other users write',
    minutes: 2,
  },
  transfer: {
    file: './transfer.ts',
    measures: 'the export and import of 100,000 notes, and memory meanwhile',
    minutes: 15,
  },
  strangers: {
    file: './strangers.ts',
    measures: 'whether times reveal which emails have accounts',
    minutes: 3,
  },
  events: {
    file: './events.ts',
    measures: 'lists of the audit trail with 10,000 events against an empty one',
    minutes: 1,
  },
};
const smoke = 'smoke';
const formerNames: Record<string, string> = { 'cut-off': 'revocation' };

const given = process.argv.slice(2);
const firstOption = [...given, '-'].findIndex((word) => word.startsWith('-'));
const names = given.slice(0, firstOption).map((name) => formerNames[name] ?? name);
process.argv.splice(2, names.length);

const usage = () =>
  [
    'Usage: npm run bench -- [name...] [options]\n',
    'Without a name, all of them run, one after the other:\n',
    ...Object.entries(measurements).map(
      ([name, { measures, minutes }]) => `  ${name.padEnd(13)}${measures} (${minutes} min)`,
    ),
    `\n  ${smoke.padEnd(13)}runs some of them for a moment, to see that they work`,
  ].join('\n');

/** Runs measurements in processes of their own. A failed one does not stop the next. */
function runEach(list: readonly string[]): void {
  const minutes = list.reduce((sum, name) => sum + measurements[name]!.minutes, 0);
  console.log(`${list.join(', ')}: about ${minutes} minutes`);
  for (const name of list) {
    console.log(`\n# ${name}\n`);
    const { status } = spawnSync(process.execPath, [import.meta.filename, name], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

/** Runs one; prints only the reason when it fails because of its options. */
async function runOne(name: string): Promise<void> {
  try {
    await runInThisProcess(name);
  } catch (error) {
    if (!isOptionError(error)) throw error;
    console.error(`${error.message}\n`);
    console.error(usage());
    process.exitCode = 1;
  }
}

async function runInThisProcess(name: string): Promise<void> {
  const { measurement } = (await import(measurements[name]!.file)) as { measurement?: Measurement };
  // The others have run when they are loaded.
  await measurement?.run(name);
}

const unknown = names.filter((name) => measurements[name] === undefined);
if (given.includes('--help')) console.log(usage());
else if (given.length === 1 && given[0] === smoke) await import('./smoke.ts');
else if (unknown.length > 0 || (names.length !== 1 && names.length < given.length)) {
  console.error(unknown.length > 0 ? `There is no ${unknown.join(', ')}.\n` : 'Options need one name.\n');
  console.error(usage());
  process.exitCode = 1;
} else if (names.length === 1) await runOne(names[0]!);
else runEach(names.length === 0 ? Object.keys(measurements) : names);
