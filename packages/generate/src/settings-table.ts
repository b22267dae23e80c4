import { markdownTable } from './markdown-table.ts';
import type { Setting } from './settings.ts';

/** A Markdown table of the settings of a service. */
export const settingsTable = (settings: readonly Setting[]): string[] =>
  markdownTable(
    ['variable', 'default', 'meaning'],
    settings.map((setting) => [`\`${setting.name}\``, defaultOf(setting), setting.description]),
  );

function defaultOf({ isRequired, isSecret, default: value }: Setting): string {
  if (isRequired) return isSecret ? 'required, secret' : 'required';
  if (isSecret) return 'none, secret';
  return value === undefined ? 'none' : `\`${value}\``;
}
