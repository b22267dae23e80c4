import { readdir, readFile } from 'node:fs/promises';
import type { Service } from '../service.ts';

interface RelevanceNote {
  id: string;
  title: string;
  content: string;
  tags: string[];
}

interface RelevanceQuery {
  query: string;
  kind: string;
  /** The notes that a person wants. None: nothing must be found. */
  wanted: string[];
  /** Notes that a person accepts beside them. */
  fine?: string[];
}

/** How a query was answered. `found` has the ids of the first 20 notes, best first. */
export interface Outcome extends RelevanceQuery {
  language: string;
  mode: string;
  found: string[];
  recall: number;
  reciprocalRank: number;
  /** The share of the found notes that are wanted or accepted. Undefined if nothing was found. */
  precision: number | undefined;
}

interface SearchAnswer {
  items: { id: string }[];
  page: { mode?: string };
}

const linesOf = async <Line>(path: string): Promise<Line[]> =>
  (await readFile(new URL(path, import.meta.url), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** The notes and queries of each language, one folder each. */
async function readSet() {
  const entries = await readdir(new URL('.', import.meta.url), { withFileTypes: true });
  const languages = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    languages.toSorted().map(async (language) => ({
      language,
      notes: await linesOf<RelevanceNote>(`${language}/notes.ndjson`),
      queries: await linesOf<RelevanceQuery>(`${language}/queries.ndjson`),
    })),
  );
}

/**
 * Gives all notes to one user and sends all queries. One user, because notes of other languages are the hardest
 * distractors, above all for the closest words.
 */
export async function measureRelevance(service: Service): Promise<Outcome[]> {
  const set = await readSet();
  const user = service.newUser();
  const idOf = new Map<string, string>();
  // One after the other, so that ties in the rank have the same order in every run.
  for (const { id, ...note } of set.flatMap(({ notes }) => notes)) {
    service.advance(1);
    const { status, body } = await user.create(note);
    if (status !== 201) throw new Error(`the note ${id} was answered with ${status}`);
    idOf.set(body.id, id);
  }
  const url = `${service.client.baseUrl}/api/notes?limit=20&search=`;
  const headers = { Authorization: `Bearer ${user.token}` };
  const outcomes: Outcome[] = [];
  for (const { language, queries } of set)
    for (const query of queries) {
      const response = await fetch(url + encodeURIComponent(query.query), { headers });
      if (response.status !== 200)
        throw new Error(`the search ${query.query} was answered with ${response.status}`);
      const body = (await response.json()) as SearchAnswer;
      const found = body.items.map(({ id }) => idOf.get(id) ?? '');
      outcomes.push({
        language,
        mode: body.page.mode ?? 'exact',
        ...query,
        found,
        ...scoresOf(query, found),
      });
    }
  return outcomes;
}

function scoresOf({ wanted, fine = [] }: RelevanceQuery, found: string[]) {
  const isAccepted = (id: string) => wanted.includes(id) || fine.includes(id);
  const precision = found.length === 0 ? undefined : found.filter(isAccepted).length / found.length;
  if (wanted.length === 0) {
    const score = found.every(isAccepted) ? 1 : 0;
    return { recall: score, reciprocalRank: score, precision };
  }
  return {
    recall: wanted.filter((id) => found.includes(id)).length / wanted.length,
    reciprocalRank: reciprocalRankOf(
      found.filter((id) => !fine.includes(id)).findIndex((id) => wanted.includes(id)),
    ),
    precision,
  };
}

const reciprocalRankOf = (index: number) => (index < 0 ? 0 : 1 / (index + 1));
