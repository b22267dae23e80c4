// npm run bench -- <name>: runs one of the measurements. See ../README.md.
const measurements: Record<string, { file: string; measures: string }> = {
  revocation: {
    file: './revocation-delay.ts',
    measures: 'how fast the tokens of a deactivated account or an ended session are refused',
  },
  gateway: { file: './gateway/main.ts', measures: 'what the gateway costs beside bare proxies' },
  search: { file: './search/main.ts', measures: 'lists and searches among up to ten million notes' },
  list: { file: './list-floor.ts', measures: 'a list of notes against node:http and pg alone' },
  neighbour: { file: './neighbour.ts', measures: "how much one user's searches slow down another user" },
  tags: { file: './tags.ts', measures: 'the rename of a tag of 50,000 notes, while other users write' },
  transfer: {
    file: './transfer.ts',
    measures: 'the export and import of 100,000 notes, and memory meanwhile',
  },
  strangers: { file: './strangers.ts', measures: 'whether times reveal which emails have accounts' },
  events: {
    file: './events.ts',
    measures: 'lists of the audit trail with 10,000 events against an empty one',
  },
  sessions: { file: './session-scale.ts', measures: 'whether calls are slower with 500,000 sessions' },
};

const [name = ''] = process.argv.splice(2, 1);
const measurement = measurements[name];
if (measurement === undefined) {
  console.error('Usage: npm run bench -- <name> [options]\n');
  for (const [key, { measures }] of Object.entries(measurements))
    console.error(`  ${key.padEnd(12)}${measures}`);
  process.exitCode = 1;
} else {
  await import(measurement.file);
}
