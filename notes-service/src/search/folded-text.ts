import { createPause } from './pause.ts';

/** A text, the fold of it, and for each UTF-16 unit of the fold the offset in the text of the characters it comes from. */
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
// V8 keeps the whole text of a substring of 13 or more units in memory.
const [maxKnownCluster, maxKnownFold] = [8, 12];

/** Folds texts with `fold`, which is called at most once with all of their clusters whose fold is not known yet. */
export function createTextFolder(fold: (text: string) => Promise<string>): FoldTexts {
  const known = new Map<string, string>();

  async function foldClusters(clusters: string[]): Promise<string[]> {
    if (clusters.length === 0) return [];
    const folds = (await fold(clusters.join(separator))).split(separator);
    if (folds.length !== clusters.length)
      throw new Error(`The fold of ${clusters.length} clusters has ${folds.length} parts`);
    if (known.size + clusters.length > maxKnownFolds) known.clear();
    for (const [index, characters] of clusters.slice(0, maxKnownFolds).entries()) {
      const folded = folds[index] ?? '';
      if (characters.length <= maxKnownCluster && folded.length <= maxKnownFold)
        known.set(characters, folded);
    }
    return folds;
  }

  return async (texts) => {
    const pause = createPause();
    const foldOf = new Map<string, string>();
    const unknown = new Set<string>();
    const clustersOfTexts: string[][] = [];
    for (const text of texts) {
      const clusters = text.replaceAll(controls, ' ').match(cluster) ?? [];
      clustersOfTexts.push(clusters);
      for (const characters of clusters) {
        if (foldOf.has(characters)) continue;
        const folded = known.get(characters);
        if (folded === undefined) unknown.add(characters);
        else foldOf.set(characters, folded);
      }
      await pause();
    }
    const folds = await foldClusters([...unknown]);
    for (const [index, characters] of [...unknown].entries()) foldOf.set(characters, folds[index] ?? '');
    const foldedTexts: FoldedText[] = [];
    for (const [index, original] of texts.entries()) {
      foldedTexts.push(joinFolds(original, clustersOfTexts[index] ?? [], foldOf));
      await pause();
    }
    return foldedTexts;
  };
}

// The search index has no more of a fold.
const maxFolded = 200_000;

function joinFolds(original: string, clusters: string[], foldOf: Map<string, string>): FoldedText {
  let folded = '';
  let offset = 0;
  const origins: number[] = [];
  for (const characters of clusters) {
    const replacement = foldOf.get(characters) ?? '';
    if (folded.length + replacement.length > maxFolded) {
      origins.push(offset);
      break;
    }
    for (let i = 0; i < replacement.length; i++) origins.push(offset);
    folded += replacement;
    offset += characters.length;
  }
  return { original, folded, origins };
}

/** The range in the original of a range of the fold, widened to whole characters and to dropped ones at the beginning. */
export function originOf({ original, origins }: FoldedText, start: number, end: number): [number, number] {
  let next = end;
  while (next < origins.length && origins[next] === origins[end - 1]) next++;
  return [start === 0 ? 0 : (origins[start] ?? original.length), origins[next] ?? original.length];
}
