// Makes `.env` of `.env.example`, with random secrets. What an `.env` says that is there already stays as it is; only
// secrets that it lacks are filled in, so this is also what to run after an update.
import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { parseEnv } from 'node:util';
import { faults } from './faults.ts';
import { fillIn } from './fill-in.ts';

const path = '.env';
const isNew = !existsSync(path);
const { text, filled } = fillIn(readFileSync(isNew ? '.env.example' : path, 'utf8'));

if (filled.length > 0) {
  // As a whole or not at all, and for the owner of the folder alone, even when a container's root writes it.
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600 });
  const { uid, gid } = statSync('.');
  chownSync(temporary, uid, gid);
  renameSync(temporary, path);
  console.log(`${isNew ? 'Wrote' : 'Added to'} .env: ${filled.join(', ')}.`);
  if (isNew)
    console.log('Data from before need the .env from before; to begin anew: docker compose down --volumes');
} else {
  chmodSync(path, 0o600);
  console.log('.env has a value for each secret; it stays as it is.');
}

const found = faults(parseEnv(text));
if (found.length > 0) {
  console.error(`But these will not do:\n${found.join('\n')}`);
  process.exitCode = 1;
}
