// Makes `.env` of `.env.example`, with random secrets. What an `.env` says that is there already stays as it is; only
// secrets that it lacks are filled in, so this is also what to run after an update.
import { chownSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fillIn } from './fill-in.ts';

const path = '.env';
const source = existsSync(path) ? path : '.env.example';
const { text, filled } = fillIn(readFileSync(source, 'utf8'));

if (filled.length === 0) {
  console.log('.env has all secrets; it stays as it is.');
} else {
  // As a whole or not at all, and for the owner of the folder alone, even when a container's root writes it.
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600 });
  const { uid, gid } = statSync('.');
  chownSync(temporary, uid, gid);
  renameSync(temporary, path);
  console.log(`${source === path ? 'Added to' : 'Wrote'} .env: ${filled.join(', ')}.`);
}
