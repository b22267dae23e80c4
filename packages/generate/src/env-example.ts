import type { Setting } from './settings.ts';

const width = 120;

/** Lines of an `.env` file: what a setting means, and its default as a comment or, of a required secret, an empty value. */
export const envLines = (settings: readonly Setting[]): string[] =>
  settings.flatMap(({ name, description, default: value = '', isSecret, isRequired }, index) => [
    ...(index === 0 ? [] : ['']),
    ...comment(description),
    isSecret && isRequired ? `${name}=` : `#${name}=${value}`,
  ]);

function comment(text: string): string[] {
  const lines = ['#'];
  for (const word of text.replaceAll('`', '').split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length > width) lines.push(`# ${word}`);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
