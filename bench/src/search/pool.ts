// Notes with the word frequencies of natural language, and words of known frequency to search for.
import { randomNumbers } from '@polyglot-notes/service-kit/testing';

export interface PoolNote {
  title: string;
  content: string;
  tags: string[];
  pinned: boolean;
  archived: boolean;
}

export const poolSize = 10_000;
const wordsPerNote = 40;
const vocabularySize = 20_000;

/** How often each of these words occurs: once in so many notes. `report` and `meeting` are independent. */
export const rareWord = 'zanzibar';

/** Words of consonants and vowels in turn, with the initial letters of English. */
function createVocabulary(random: () => number): string[] {
  const pick = (letters: string) => letters.charAt(Math.floor(random() * letters.length));
  const words = new Set<string>();
  while (words.size < vocabularySize) {
    let word = pick('ttttaaaassssccccppppmmmbbbffffdddrrrhhhlllweeegiiinnoouvjkqy');
    const length = 3 + Math.floor(random() * 7);
    while (word.length < length) word += pick(/[aeiou]$/.test(word) ? 'bcdfghklmnprstvwz' : 'aaeeeiioou');
    words.add(word);
  }
  return [...words];
}

/** Picks from the words by Zipf's law: the nth word is about n times as rare as the first. */
function createPicker(vocabulary: string[], random: () => number): () => string {
  let sum = 0;
  const cumulative = vocabulary.map((_word, index) => (sum += 1 / (index + 2.7)));
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return vocabulary[low]!;
  };
}

/** The distinct notes of which every database consists. */
export function createPool(): PoolNote[] {
  const random = randomNumbers(14);
  const pick = createPicker(createVocabulary(random), random);
  return Array.from({ length: poolSize }, (_, number) => {
    const words = Array.from({ length: wordsPerNote }, pick);
    if (number % 5 === 0) words[3] = 'meeting';
    if (Math.floor(number / 5) % 5 === 0) words[8] = 'report';
    if (number % 50 === 7) words[5] = 'quarterly';
    if (number === 0) words[20] = rareWord;
    return {
      title: `Note ${number} ${pick()}`,
      content: words.join(' '),
      tags: [['work', 'home'], ['work'], [`project${number % 40}`], [], []][number % 5]!,
      pinned: number % 60 === 1,
      archived: number % 20 === 19,
    };
  });
}
