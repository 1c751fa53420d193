import type { RollUp } from './roll-up.ts';

/**
 * The roll-ups of both, in order of time. Of two of one moment the one that is made of more rows counts, else the first: they are of
 * the same samples of the source, and the one with fewer rows was made before all of them were there.
 */
export function merged(first: readonly RollUp[], second: readonly RollUp[]): RollUp[] {
  const byTime = new Map(first.map((rollUp) => [rollUp.atSeconds, rollUp]));
  for (const rollUp of second) {
    const known = byTime.get(rollUp.atSeconds);
    if (known === undefined || known.rows < rollUp.rows) byTime.set(rollUp.atSeconds, rollUp);
  }
  return [...byTime.values()].sort((a, b) => a.atSeconds - b.atSeconds);
}

/** Rows of which roll-ups are made: with more of them something is known that was not. */
export function rowsIn(rollUps: readonly RollUp[]): number {
  return rollUps.reduce((sum, { rows }) => sum + rows, 0);
}
