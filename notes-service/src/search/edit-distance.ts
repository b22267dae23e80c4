/**
 * The number of letters to insert, delete, replace or swap with their neighbour that turn one text into the other, in
 * code points (optimal string alignment). With `isBeginning`, the smallest number for any beginning of the other text.
 */
export function editDistance(text: string, other: string, { isBeginning = false } = {}): number {
  const [letters, others] = [Array.from(text), Array.from(other)];
  const rows = [Array.from({ length: others.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (const [i, letter] of letters.entries()) {
    const row = [i + 1];
    rows.push(row);
    for (const [j, otherLetter] of others.entries()) {
      const replaced = at(i, j) + (letter === otherLetter ? 0 : 1);
      const isSwapped = letter === others[j - 1] && letters[i - 1] === otherLetter;
      const swapped = isSwapped ? at(i - 1, j - 1) + 1 : Infinity;
      row.push(Math.min(replaced, at(i, j + 1) + 1, at(i + 1, j) + 1, swapped));
    }
  }
  return isBeginning ? Math.min(...(rows[letters.length] ?? [])) : at(letters.length, others.length);
}
