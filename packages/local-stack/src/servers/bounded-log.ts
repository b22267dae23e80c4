import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
} from 'node:fs';
import { dirname } from 'node:path';

const checkMs = 250;
const defaultMaxBytes = 10 * 1024 * 1024;

/**
 * Opens a log for a process that inherits `fd`. The log of the last start, or what exceeds `maxBytes`, moves to
 * `<name>.previous.log`, which it replaces.
 */
export function openBoundedLog(path: string, maxBytes = defaultMaxBytes) {
  mkdirSync(dirname(path), { recursive: true });
  const previous = path.replace(/\.log$/, '.previous.log');
  if (existsSync(path)) renameSync(path, previous);
  // The process appends, so it goes on at the beginning when the file is emptied.
  const fd = openSync(path, 'a', 0o600);
  const checks = setInterval(() => {
    if (fstatSync(fd).size <= maxBytes) return;
    // A line that is written between these two calls is lost.
    copyFileSync(path, previous);
    ftruncateSync(fd);
  }, checkMs).unref();
  return {
    fd,
    close() {
      clearInterval(checks);
      closeSync(fd);
    },
  };
}
