import { markdownTable } from './markdown-table.ts';
import type { Service } from './services.ts';
import type { Setting } from './settings.ts';

/** A Markdown table of the settings of a service. */
export const settingsTable = (settings: readonly Setting[]): string[] =>
  markdownTable(
    ['variable', 'default', 'meaning'],
    settings.map((setting) => [`\`${setting.name}\``, defaultOf(setting), setting.description]),
  );

/** A Markdown table of the settings of all services, with the services that read each. */
export function configurationTable(services: readonly Pick<Service, 'name' | 'settings'>[]): string[] {
  const byName = new Map<string, { setting: Setting; readers: string[] }>();
  for (const { name: reader, settings } of services)
    for (const setting of settings) {
      // One service may require what others do without.
      const key = `${setting.name} ${setting.isRequired}`;
      const known = byName.get(key);
      if (known === undefined) byName.set(key, { setting, readers: [reader] });
      else known.readers.push(reader);
    }
  return markdownTable(
    ['variable', 'default', 'services', 'meaning'],
    [...byName.values()]
      .toSorted((a, b) => (a.setting.name < b.setting.name ? -1 : 1))
      .map(({ setting, readers }) => [
        `\`${setting.name}\``,
        setting.name === 'PORT' ? '' : defaultOf(setting),
        readers.length === services.length ? 'all' : readers.join(', '),
        setting.description,
      ]),
  );
}

function defaultOf({ isRequired, isSecret, default: value }: Setting): string {
  if (isRequired) return isSecret ? 'required, secret' : 'required';
  if (isSecret) return 'none, secret';
  return value === undefined ? 'none' : `\`${value}\``;
}
