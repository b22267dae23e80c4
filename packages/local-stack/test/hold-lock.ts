// A process that locks folders for a test: node hold-lock.ts, with lines such as "lock /folder" and "unlock /folder" on stdin.
import { createInterface } from 'node:readline';
import { lockState } from '../src/system/lock.ts';

const locks = new Map<string, () => void>();

function carryOut(command: string | undefined, folder: string): string {
  if (command === 'unlock') {
    locks.get(folder)?.();
    return 'unlocked';
  }
  try {
    locks.set(folder, lockState(folder));
    return 'locked';
  } catch (error) {
    return String(error);
  }
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [command, folder = ''] = line.split(' ');
  console.log(carryOut(command, folder));
}
