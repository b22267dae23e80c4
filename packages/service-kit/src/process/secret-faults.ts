// Without dependencies: the check of `.env` runs in a bare image.
const minLength = 32;
const minDifferent = 8;

/** Words that people write instead of a secret. They are too long to occur in random text. */
export const placeholderWords = 'change.?(?:me|this|it)|placeholder|example|replace|secret|password|<.+>';
const placeholder = new RegExp(placeholderWords, 'i');

export const placeholderFault = 'is a placeholder, not a secret';

export const isPlaceholder = (value: string): boolean =>
  placeholder.test(value) || new Set(value).size < minDifferent;

/** The secrets of a list, which are separated by commas and perhaps blanks. */
export const secretsOf = (list: string): string[] => list.split(',').map((secret) => secret.trim());

/** The fault of one or several secrets separated by commas, as text for the operator; undefined if they are valid. */
export function faultOfSecrets(list: string): string | undefined {
  const secrets = secretsOf(list);
  if (secrets.some((secret) => /\s/.test(secret))) return 'must not contain blanks';
  if (secrets.some(({ length }) => length < minLength))
    return `must be at least ${minLength} characters, or several such secrets separated by commas`;
  if (secrets.some(isPlaceholder)) return placeholderFault;
  return new Set(secrets).size < secrets.length ? 'has the same secret twice' : undefined;
}

/** A fault for each setting that has a secret of an earlier one: a caller that has one could pose as the other. */
export function faultsOfSharedSecrets(
  given: Iterable<readonly [name: string, list: string]>,
): { name: string; fault: string }[] {
  const owners = new Map<string, string>();
  return [...given].flatMap(([name, list]) => {
    const secrets = secretsOf(list);
    const other = secrets.map((secret) => owners.get(secret)).find((owner) => owner !== undefined);
    for (const secret of secrets) owners.set(secret, name);
    return other === undefined ? [] : [{ name, fault: `has the same secret as ${other}` }];
  });
}
