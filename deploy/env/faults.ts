import { emailFault, faultOf, secretNames } from './secrets.ts';

/** A line for each value of these that will not do. */
export function faults(values: Record<string, string | undefined>): string[] {
  const found = [
    ['ADMIN_EMAIL', emailFault(values['ADMIN_EMAIL'])],
    ...secretNames.map((name) => [name, faultOf(name, values[name])]),
  ];
  return found.flatMap(([name, fault]) => (fault === undefined ? [] : [`  ${name} ${fault}`]));
}
