import { featuresFrom, pooledFeatureNames, type ReadFeatures } from './pooled-features.ts';
import type { PooledSeries } from './pooled-series.ts';

/** Rows that trees learn from at most; with 180 thousand the error was 0.2 % lower, for twice the time. */
const mostRows = 100_000;
/** An answer farther off than this many typical errors is taken to be so far off. */
const farthestAnswer = 8;

/** What trees learn from: columns of features, and how far the combination was off in typical errors. */
export interface PooledRows {
  readonly columns: readonly Float32Array[];
  readonly answers: Float32Array;
}

/** Rows from the steps of all paths that were known `heldOutSteps` before the end of each series, evenly thinned. */
export function pooledRows(series: readonly PooledSeries[], heldOutSteps: number): PooledRows {
  let count = 0;
  for (const one of series) visitSteps(one, heldOutSteps, () => count++);
  const share = Math.min(1, mostRows / count);
  const rows = Math.floor(count * share);
  const columns = pooledFeatureNames.map(() => new Float32Array(rows));
  const answers = new Float32Array(rows);
  const features = new Float64Array(pooledFeatureNames.length);
  let visited = 0;
  let row = 0;
  for (const one of series) {
    let readAt = -1;
    let read: ReadFeatures | undefined;
    visitSteps(one, heldOutSteps, (o, h) => {
      if (Math.floor(++visited * share) === row || row === rows) return;
      if (read === undefined || readAt !== o) read = featuresFrom(one, o);
      readAt = o;
      read(h, features);
      columns.forEach((column, feature) => {
        column[row] = features[feature]!;
      });
      const off = (one.roots[one.origins[o]! + h]! - one.combined[o]![h]!) / one.unit;
      answers[row] = Math.max(-farthestAnswer, Math.min(farthestAnswer, off));
      row++;
    });
  }
  return { columns, answers };
}

/** Visits the observed steps of the paths from past origins up to `heldOutSteps` before the end. */
function visitSteps(
  { origins, roots, isObserved, combined }: PooledSeries,
  heldOutSteps: number,
  visit: (origin: number, h: number) => void,
): void {
  const end = roots.length - heldOutSteps;
  for (let o = 0; o < origins.length - 1; o++)
    for (let h = 0; h < combined[o]!.length && origins[o]! + h < end; h++)
      if (isObserved[origins[o]! + h] === 1) visit(o, h);
}
