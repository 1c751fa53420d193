import type { RecordAnswer } from '../../forecast/index.ts';

type Row = RecordAnswer['rows'][number];

/** Decisions of two replicas that are nearer in time than this were made for the same observation. */
const sameSeconds = 5;

/**
 * The row that counts among those of several replicas for one moment: what KEDA was told, before what a replica decided that KEDA did
 * not ask; then the newest decision, then the highest signal. Every replica therefore picks the same.
 */
export function pickedRow(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || isBefore(row, best) ? row : best),
    undefined,
  );
}

function isBefore(row: Row, best: Row): boolean {
  const differences = [
    Number(best.decision.elsewhere ?? false) - Number(row.decision.elsewhere ?? false),
    row.decision.atSeconds - best.decision.atSeconds,
    signalOf(row) - signalOf(best),
  ];
  return (differences.find((difference) => difference !== 0) ?? 0) > 0;
}

function signalOf({ decision }: Row): number {
  return decision.kind === 'served' ? decision.signal : -1;
}

/** One row for each moment that is asked for. */
export function rowsAtMoments(parts: readonly (readonly Row[])[]): readonly Row[] {
  const byMoment = Map.groupBy(parts.flat(), ({ atSeconds }) => atSeconds);
  return [...byMoment.values()].flatMap((rows) => pickedRow(rows) ?? []).sort(byTime);
}

const byTime = (a: Row, b: Row) => a.atSeconds - b.atSeconds;

/**
 * Every decision, once. A decision of a replica that KEDA did not ask counts only where none that KEDA was told is near in time, and
 * of two for the same observation the one that {@link pickedRow} picks.
 */
export function everyRow(parts: readonly (readonly Row[])[], inForceSeconds: number): readonly Row[] {
  const all = parts.flat().sort(byTime);
  const told = all.filter(({ decision }) => decision.elsewhere !== true).map(({ atSeconds }) => atSeconds);
  let place = 0;
  const candidates = all.filter(({ atSeconds, decision }) => {
    if (decision.elsewhere !== true) return true;
    while ((told[place] ?? Infinity) < atSeconds - inForceSeconds) place++;
    return (told[place] ?? Infinity) > atSeconds + inForceSeconds;
  });
  const parted = new Map(parts.flatMap((rows, part) => rows.map((row) => [row, part] as const)));
  const kept: Row[] = [];
  for (const row of candidates) {
    const before = kept.at(-1);
    const isSame =
      before !== undefined &&
      parted.get(before) !== parted.get(row) &&
      row.atSeconds - before.atSeconds < sameSeconds;
    if (!isSame) kept.push(row);
    else if (pickedRow([before, row]) === row) kept[kept.length - 1] = row;
  }
  return kept;
}
