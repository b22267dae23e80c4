/** The lines of a Markdown table; a formatter aligns them. */
export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`);

const escaped = (cell: string) => cell.replaceAll('|', '\\|');
