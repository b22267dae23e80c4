/**
 * Replaces the lines between the two lines that contain `generated: <name>` and `generated: end`, for example in
 * comments. The new lines get the indentation of the first one. Throws when the text has no such region.
 */
export function replaceRegion(text: string, name: string, lines: readonly string[]): string {
  const all = text.split('\n');
  const begin = all.findIndex((line) => new RegExp(`\\bgenerated: ${name}(?: -->)?$`).test(line));
  const end = all.findIndex((line, index) => index > begin && /\bgenerated: end\b/.test(line));
  if (begin === -1 || end === -1)
    throw new Error(`There is no region "generated: ${name}" up to "generated: end"`);
  const [indentation = ''] = /^ */.exec(all[begin] ?? '') ?? [];
  const indented = lines.map((line) => (line === '' ? '' : indentation + line));
  return [...all.slice(0, begin + 1), ...indented, ...all.slice(end)].join('\n');
}
