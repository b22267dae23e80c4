import type { Outcome } from './relevance.ts';

/** The means over some outcomes, with three decimals. */
export interface Scores {
  queries: number;
  recall: number;
  mrr: number;
  precision: number;
}

const mean = (values: number[]) =>
  values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number) => Math.round(value * 1_000) / 1_000;

const scoresOf = (outcomes: Outcome[]): Scores => ({
  queries: outcomes.length,
  recall: rounded(mean(outcomes.map(({ recall }) => recall))),
  mrr: rounded(mean(outcomes.map(({ reciprocalRank }) => reciprocalRank))),
  precision: rounded(mean(outcomes.flatMap(({ precision }) => precision ?? []))),
});

/** The scores by language, or by kind, and by the mode of the answer. */
export function summarize(outcomes: Outcome[], by: 'language' | 'kind') {
  const groups = Map.groupBy(outcomes, (outcome) => outcome[by]);
  return Object.fromEntries(
    [...groups, ['all', outcomes] as const].map(([group, members]) => {
      const inMode = (mode: string) => members.filter((member) => member.mode === mode);
      return [
        group,
        { exact: scoresOf(inMode('exact')), close: scoresOf(inMode('close')), both: scoresOf(members) },
      ];
    }),
  );
}

export type Summary = ReturnType<typeof summarize>;

/** The scores that are below the recorded ones. A mode without queries, then or now, has no score. */
export const fallenBelow = (recorded: Summary, measured: Summary): string[] =>
  Object.entries(recorded).flatMap(([group, modes]) =>
    (['exact', 'close', 'both'] as const).flatMap((mode) =>
      (['recall', 'mrr'] as const).flatMap((score) => {
        const [now, before] = [measured[group]?.[mode], modes[mode]];
        return now && now.queries > 0 && before.queries > 0 && now[score] < before[score]
          ? `${score} of ${group} (${mode}) fell from ${before[score]} to ${now[score]}`
          : [];
      }),
    ),
  );
