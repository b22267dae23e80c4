// Compares a password by bcrypt for some seconds, in one thread, and prints how many comparisons there were a second.
import { compare, hash } from '../../../auth-service/src/passwords/password-worker.ts';

const [cost, seconds] = process.argv.slice(2).map(Number) as [number, number];
const password = 'correct horse battery';
const hashed = hash({ password, cost });
const began = performance.now();
let count = 0;
do {
  compare({ password, hashed });
  count++;
} while (performance.now() - began < seconds * 1_000);
console.log((count * 1_000) / (performance.now() - began));
