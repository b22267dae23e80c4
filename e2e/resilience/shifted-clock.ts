// Loaded into a service before its own code: shows auth-service a clock that is fast by the milliseconds in the file
// CLOCK_SHIFT. Timers are not affected.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

if (basename(dirname(dirname(process.argv[1] ?? ''))) === 'auth-service') {
  const shiftMs = Number(readFileSync(process.env['CLOCK_SHIFT'] ?? '', 'utf8'));
  const RealDate = Date;
  const now = () => RealDate.now() + shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    get: (target, name, receiver) =>
      name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown),
  });
}
