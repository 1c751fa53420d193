import { quantile } from 'simple-statistics';

/** What a source was asked since the last look. */
export interface Asked {
  readonly instantQueries: number;
  readonly rangeQueries: number;
  /** Time between two questions for the observed value of one workload, seconds; NaN where none was asked twice. */
  readonly gapP99Seconds: number;
}

/** Counts what a source is asked, and how regularly each workload is asked for. */
export function createAskingRecord(nowSeconds: () => number) {
  const askedSeconds = new Map<string, number>();
  let instantQueries = 0;
  let rangeQueries = 0;
  let gaps: number[] = [];
  return {
    noteRange() {
      rangeQueries++;
    },
    noteInstant(apps: readonly string[]) {
      instantQueries++;
      const now = nowSeconds();
      for (const app of apps) {
        const before = askedSeconds.get(app);
        if (before !== undefined) gaps.push(now - before);
        askedSeconds.set(app, now);
      }
    },
    /** What was asked since the last look. */
    look(): Asked {
      const seen = {
        instantQueries,
        rangeQueries,
        gapP99Seconds: gaps.length === 0 ? Number.NaN : quantile(gaps, 0.99),
      };
      [instantQueries, rangeQueries, gaps] = [0, 0, []];
      return seen;
    },
  };
}
