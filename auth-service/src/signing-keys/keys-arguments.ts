export const usage = `Usage: keys <command>

  list                   lists the signing keys
  rotate [--now]         creates a key that is published now and signs later; with --now it signs at once
  retire <kid> [--now]   removes a key that signs no more; with --now also while its tokens are valid
  reseal                 encrypts all keys with KEY_ENCRYPTION_KEY again
`;

export type KeysArguments =
  | { command: 'list' | 'reseal' }
  | { command: 'rotate'; isNow: boolean }
  | { command: 'retire'; kid: string; isNow: boolean };

/** Parses the arguments of the command; undefined when they are not valid. A key id may begin with a hyphen. */
export function parseKeysArguments(args: readonly string[]): KeysArguments | undefined {
  const isNow = args.includes('--now');
  const [command, kid, ...rest] = args.filter((argument) => argument !== '--now');
  if (rest.length > 0) return undefined;
  if (command === 'retire') return kid === undefined ? undefined : { command, kid, isNow };
  if (kid !== undefined) return undefined;
  if (command === 'rotate') return { command, isNow };
  return (command === 'list' || command === 'reseal') && !isNow ? { command } : undefined;
}
