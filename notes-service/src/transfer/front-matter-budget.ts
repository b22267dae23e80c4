import { frontMatterLength, maxFrontMatter } from './front-matter.ts';
import { LineFault } from './line-fault.ts';

// 400 of the longest front matters, or 400,000 of 250 characters, which an export writes for most notes.
const maxCost = 400 * maxFrontMatter ** 2;

/**
 * Creates a function that throws a LineFault when the front matter of all texts so far takes too long to parse. The time of
 * each grows with the square of its length at worst.
 */
export function createFrontMatterBudget(limit = maxCost): (text: string) => void {
  let left = limit;
  return (text) => {
    const length = frontMatterLength(text);
    const cost = length > maxFrontMatter ? 0 : length ** 2;
    if (cost > left)
      throw new LineFault(
        'too_large',
        'The archive has more front matter than one import reads. Import the rest in another archive',
      );
    left -= cost;
  };
}
