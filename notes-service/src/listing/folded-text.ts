/** A text, the fold of it, and for each UTF-16 unit of the fold the place in the text of the characters it comes from. */
export interface FoldedText {
  original: string;
  folded: string;
  origins: number[];
}

// What notes_fold turns into other characters independently of its neighbours: a character and the marks and format
// characters after it (also the voicing marks of halfwidth kana), or the letters of a Hangul syllable.
const cluster =
  /(?:[\uac00-\ud7a3]?[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]+|[^])[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]*/gu;
const separator = '\u0001';
// oxlint-disable-next-line no-control-regex
const controls = /[\u0001-\u0008\u000e-\u001f]/g;

/** Folds some texts with `fold`, which is called once with all of their distinct characters. Control characters become spaces. */
export async function foldTexts(
  texts: string[],
  fold: (text: string) => Promise<string>,
): Promise<FoldedText[]> {
  const clustersOfTexts = texts.map((text) => text.replaceAll(controls, ' ').match(cluster) ?? []);
  const distinct = [...new Set(clustersOfTexts.flat())];
  const folds = (await fold(distinct.join(separator))).split(separator);
  const foldOf = new Map(distinct.map((characters, index) => [characters, folds[index] ?? '']));
  return texts.map((original, index) => {
    let [folded, place] = ['', 0];
    const origins: number[] = [];
    for (const characters of clustersOfTexts[index] ?? []) {
      const replacement = foldOf.get(characters) ?? '';
      for (let i = 0; i < replacement.length; i++) origins.push(place);
      folded += replacement;
      place += characters.length;
    }
    return { original, folded, origins };
  });
}

/** The place in the original of a range of the fold, widened to whole characters and to dropped ones at the beginning. */
export function originOf({ original, origins }: FoldedText, start: number, end: number): [number, number] {
  let next = end;
  while (next < origins.length && origins[next] === origins[end - 1]) next++;
  return [start === 0 ? 0 : (origins[start] ?? original.length), origins[next] ?? original.length];
}
