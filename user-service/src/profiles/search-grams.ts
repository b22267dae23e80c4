const length = 3;
const maxSearched = 4;

/** The distinct sequences of three characters in a text. A text that contains another one has all of its grams. */
export const gramsOf = (text: string): string[] => [...new Set(sequencesOf(text))];

/**
 * Some grams of a search, from its whole length: a few find almost as little as all. Empty for a search of fewer than three
 * characters.
 */
export function searchedGrams(search: string): string[] {
  const grams = sequencesOf(search);
  const step = Math.max(1, (grams.length - 1) / (maxSearched - 1));
  const places = Array.from({ length: Math.min(maxSearched, grams.length) }, (_, place) =>
    Math.round(place * step),
  );
  return [...new Set(places.map((place) => grams[place]!))];
}

function sequencesOf(text: string): string[] {
  const characters = Array.from(text);
  return characters.slice(length - 1).map((_, start) => characters.slice(start, start + length).join(''));
}
