/** A word of a folded text, with its place in UTF-16 units. */
export interface Token {
  /** The lexemes of the word in the search index: two if it has optional letters. */
  lexemes: string[];
  start: number;
  end: number;
  /** Whether it is a letter of a script without spaces. Its lexeme has the letter after it as well, and ends there. */
  isRun: boolean;
  bigramEnd: number;
}

// The SQL functions notes_run_letters and notes_joining_marks have the same characters.
const runLetters = [
  String.raw`\u0E01-\u0E3A\u0E40-\u0E4E\u0E81-\u0EBD\u0EC0-\u0ECE\u0EDC-\u0EDF\u1000-\u103F\u1050-\u109D`,
  String.raw`\u1100-\u11FF\u1780-\u17D3\u17D7\u17DC\u17DD\u3005\u3007\u3021-\u3029\u3038-\u303B\u3041-\u3096`,
  String.raw`\u3099\u309A\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u3105-\u312F\u31A0-\u31BF\u31F0-\u31FF`,
  String.raw`\u3400-\u4DBF\u4E00-\u9FFF\uA960-\uA97C\uA9E0-\uA9EF\uA9FA-\uA9FE\uAA60-\uAA7F\uAC00-\uD7A3`,
  String.raw`\uD7B0-\uD7FB\uF900-\uFAFF\u{16FF0}-\u{16FF6}\u{1AFF0}-\u{1B16F}\u{20000}-\u{3FFFD}`,
].join('');
const joiningMarks = [
  String.raw`\u07EB-\u07F3\u07FD\u094D\u0951-\u0954\u09CD\u09FE\u0A4D\u0ACD\u0AFD-\u0AFF\u0B4D\u0B55\u0BCD`,
  String.raw`\u0C4D\u0CCD\u0D3B\u0D3C\u0D4D\u0DCA\u0F18\u0F19\u0F35\u0F37\u0F39\u0F3E\u0F3F\u0F84\u0F86`,
  String.raw`\u0F87\u0FC6\u1714\u1715\u1734\u1A60\u1A75-\u1A7C\u1A7F\u1B44\u1BAA\u1BAB\u1BF2\u1BF3\u2D7F`,
  String.raw`\uA806\uA82C\uA8C4\uA8E0-\uA8F1\uA92B-\uA92D\uA953\uA9C0\uAAF6\uABEC\uABED`,
].join('');

const letter = String.raw`[[\p{Alphabetic}${joiningMarks}]--[${runLetters}]]`;
// A letter with an optional one after it, which follows U+0001.
const letters = `${letter}(?:\u0001${letter})?`;
// Each symbol that is not ASCII is a word.
const symbol = String.raw`[^\p{Alphabetic}\p{P}\s${joiningMarks}\u0001-\u009f]`;
const word = new RegExp(`([${runLetters}]+)|[0-9]{1,200}|(?:${letters}){1,200}|${symbol}`, 'gv');

/** Splits a folded text into words, by the rule of the SQL function notes_words. */
export function tokensOf(folded: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: text, 1: run, index } of folded.matchAll(word)) {
    if (run === undefined) tokens.push(wordAt(text, index));
    else for (const token of lettersOf(run, index)) tokens.push(token);
  }
  return tokens;
}

function wordAt(text: string, start: number): Token {
  const end = start + text.length;
  if (!text.includes('\u0001')) return { lexemes: [text], start, end, isRun: false, bigramEnd: end };
  const [first = '', ...optional] = text.split('\u0001');
  const short = first + optional.map((part) => part.replace(/^./u, '')).join('');
  return { lexemes: [short, first + optional.join('')], start, end, isRun: false, bigramEnd: end };
}

function* lettersOf(run: string, start: number): Generator<Token> {
  const characters = Array.from(run);
  let place = start;
  for (const [index, first] of characters.entries()) {
    const next = characters[index + 1] ?? '';
    const end = place + first.length;
    yield { lexemes: [first + next], start: place, end, isRun: true, bigramEnd: end + next.length };
    place = end;
  }
}
