import { emailPattern, maxEmailLength } from '../../packages/service-kit/src/http/email-pattern.ts';
import { faultsOfSharedSecrets } from '../../packages/service-kit/src/process/secret-faults.ts';
import { faultOf, secretNames } from './secrets.ts';

/** A line for each value that is not valid. */
export function faults(values: Record<string, string | undefined>): string[] {
  const lines = secretNames.flatMap((name) => {
    const fault = faultOf(name, values[name]);
    return fault === undefined ? [] : [`  ${name} ${fault}`];
  });
  // A database keeps the password of its first start, so two may be the same.
  const given = secretNames.filter((name) => !name.endsWith('_PASSWORD'));
  const set = given.flatMap((name) => (values[name] ? [[name, values[name]] as const] : []));
  for (const { name, fault } of faultsOfSharedSecrets(set)) lines.push(`  ${name} ${fault}`);
  if (!values['SMTP_URL'] && !isLoopback(values['PUBLIC_URL']))
    lines.push('  SMTP_URL must be a mail server, because PUBLIC_URL is not on this machine');
  const email = values['ADMIN_EMAIL']?.trim() ?? '';
  return email.length <= maxEmailLength && emailPattern.test(email)
    ? lines
    : ['  ADMIN_EMAIL must be an email address', ...lines];
}

/** Whether a URL, if there is one, is that of this machine only. */
function isLoopback(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return true;
  const { hostname } = new URL(url);
  return /^(?:127\.[\d.]+|\[::1\]|(?:.+\.)?localhost)$/.test(hostname);
}
