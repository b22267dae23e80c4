// Creates `.env` from `.env.example`, with random secrets. In an existing `.env` it only fills in missing secrets, so it
// also serves after an update.
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
  // Atomically, and readable by the owner of the folder only, even if root in a container writes it.
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600 });
  const { uid, gid } = statSync('.');
  chownSync(temporary, uid, gid);
  renameSync(temporary, path);
  console.log(`${isNew ? 'Wrote' : 'Added to'} .env: ${filled.join(', ')}.`);
  if (isNew)
    console.log('Existing data need the earlier .env. To start from scratch: docker compose down --volumes');
} else {
  chmodSync(path, 0o600);
  console.log('.env has a value for each secret; nothing has changed.');
}

const found = faults(parseEnv(text));
if (found.length > 0) {
  console.error(`These values are not valid:\n${found.join('\n')}`);
  process.exitCode = 1;
}
