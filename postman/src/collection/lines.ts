/** The lines of a script, without the indentation that they have in the source. */
export function linesOf(script = ''): string[] {
  const lines = script.split('\n').filter((line) => line.trim() !== '');
  const indentation = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indentation));
}
