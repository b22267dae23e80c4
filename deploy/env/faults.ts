import { emailPattern, maxEmailLength } from '../../packages/service-kit/src/http/email-pattern.ts';
import { faultOf, secretNames } from './secrets.ts';

/** A line for each value that is not valid. */
export function faults(values: Record<string, string | undefined>): string[] {
  const lines = secretNames.flatMap((name) => {
    const fault = faultOf(name, values[name]);
    return fault === undefined ? [] : [`  ${name} ${fault}`];
  });
  const email = values['ADMIN_EMAIL']?.trim() ?? '';
  return email.length <= maxEmailLength && emailPattern.test(email)
    ? lines
    : ['  ADMIN_EMAIL must be an email address', ...lines];
}
