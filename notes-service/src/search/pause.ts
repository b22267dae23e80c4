import { setImmediate } from 'node:timers/promises';

const charactersBetweenPauses = 50_000;

/** Creates a function that counts the characters of finished work, and lets other work run after every 50,000. */
export function createPause(): (characters: number) => Promise<void> {
  let sinceLast = 0;
  return async (characters) => {
    sinceLast += characters;
    if (sinceLast < charactersBetweenPauses) return;
    sinceLast = 0;
    await setImmediate();
  };
}
