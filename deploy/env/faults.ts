import { faultOf, secretNames } from './secrets.ts';

const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** A line for each value that is not valid. */
export function faults(values: Record<string, string | undefined>): string[] {
  const lines = secretNames.flatMap((name) => {
    const fault = faultOf(name, values[name]);
    return fault === undefined ? [] : [`  ${name} ${fault}`];
  });
  return email.test(values['ADMIN_EMAIL'] ?? '')
    ? lines
    : ['  ADMIN_EMAIL must be an email address', ...lines];
}
