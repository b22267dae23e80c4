import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '@polyglot-notes/service-kit';

const checkMs = 250;
const defaultMaxBytes = 10 * 1024 * 1024;

/**
 * Opens a log for a process that inherits `fd`. A log that is left of the last start, or is larger than `maxBytes`,
 * replaces `<name>.previous.log`. On a full disk lines are lost, which is reported once.
 */
export function openBoundedLog(path: string, maxBytes = defaultMaxBytes) {
  mkdirSync(dirname(path), { recursive: true });
  const previous = path.replace(/\.log$/, '.previous.log');
  if (existsSync(path)) renameSync(path, previous);
  // The process appends, so it goes on at the beginning when the file is emptied.
  const fd = openSync(path, 'a', 0o600);
  let isReported = false;
  function tryTo(keepLines: () => void): void {
    try {
      keepLines();
    } catch (error) {
      if (!isReported) console.error(`The log ${path} is incomplete: ${errorMessage(error)}.`);
      isReported = true;
    }
  }
  const checks = setInterval(() => {
    if (fstatSync(fd).size <= maxBytes) return;
    // A line that is written between these two calls is lost.
    tryTo(() => copyFileSync(path, previous));
    ftruncateSync(fd);
  }, checkMs).unref();
  return {
    fd,
    write: (text: string) => tryTo(() => writeSync(fd, text)),
    close() {
      clearInterval(checks);
      closeSync(fd);
    },
  };
}
