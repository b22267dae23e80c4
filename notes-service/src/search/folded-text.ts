/** A text, the fold of it, and for each UTF-16 unit of the fold the place in the text of the characters it comes from. */
export interface FoldedText {
  original: string;
  folded: string;
  origins: number[];
}

/** Folds texts as the search index does. Control characters become spaces. */
export type FoldTexts = (texts: string[]) => Promise<FoldedText[]>;

// What notes_fold turns into other characters independently of its neighbours: a character and the marks and format
// characters after it (also the voicing marks of halfwidth kana), or the letters of a Hangul syllable.
const cluster =
  /(?:[\uac00-\ud7a3]?[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]+|[^])[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]*/gu;
const separator = '\u0002';
// oxlint-disable-next-line no-control-regex
const controls = /[\u0001-\u0008\u000e-\u001f]/g;

// Texts of many languages together have fewer clusters. Random texts can have any number.
const maxKnownFolds = 20_000;

/** Folds texts with `fold`, which is called at most once with all of their clusters whose fold is not known yet. */
export function createTextFolder(fold: (text: string) => Promise<string>): FoldTexts {
  const known = new Map<string, string>();
  return async (texts) => {
    const clustersOfTexts = texts.map((text) => text.replaceAll(controls, ' ').match(cluster) ?? []);
    const foldOf = new Map<string, string>();
    const unknown: string[] = [];
    for (const characters of new Set(clustersOfTexts.flat())) {
      const folded = known.get(characters);
      if (folded === undefined) unknown.push(characters);
      else foldOf.set(characters, folded);
    }
    if (unknown.length > 0) {
      const folds = (await fold(unknown.join(separator))).split(separator);
      if (known.size + unknown.length > maxKnownFolds) known.clear();
      for (const [index, characters] of unknown.entries()) {
        foldOf.set(characters, folds[index] ?? '');
        if (unknown.length < maxKnownFolds) known.set(characters, folds[index] ?? '');
      }
    }
    return texts.map((original, index) => joinFolds(original, clustersOfTexts[index] ?? [], foldOf));
  };
}

function joinFolds(original: string, clusters: string[], foldOf: Map<string, string>): FoldedText {
  let [folded, place] = ['', 0];
  const origins: number[] = [];
  for (const characters of clusters) {
    const replacement = foldOf.get(characters) ?? '';
    for (let i = 0; i < replacement.length; i++) origins.push(place);
    folded += replacement;
    place += characters.length;
  }
  return { original, folded, origins };
}

/** The place in the original of a range of the fold, widened to whole characters and to dropped ones at the beginning. */
export function originOf({ original, origins }: FoldedText, start: number, end: number): [number, number] {
  let next = end;
  while (next < origins.length && origins[next] === origins[end - 1]) next++;
  return [start === 0 ? 0 : (origins[start] ?? original.length), origins[next] ?? original.length];
}
