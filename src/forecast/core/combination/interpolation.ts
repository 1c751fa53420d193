/** Where a place lies among entries that are scored at places of their own. */
export interface Between<T> {
  readonly below: T;
  readonly above: T;
  /** Share of `above`, 0–1, linear in the logarithm of the place. */
  readonly share: number;
}

/** The entries beside a place, by rising places; the ends go on flat. There must be at least one entry. */
export function between<T>(entries: readonly T[], place: number, placeOf: (entry: T) => number): Between<T> {
  let index = 0;
  while (index < entries.length - 1 && placeOf(entries[index] as T) < place) index++;
  const above = entries[index] as T;
  const below = entries[Math.max(0, index - 1)] as T;
  const from = placeOf(below);
  const to = placeOf(above);
  if (to <= from || place >= to) return { below: above, above, share: 1 };
  if (place <= from) return { below, above: below, share: 0 };
  return { below, above, share: Math.log(place / from) / Math.log(to / from) };
}

/** A residual quantile between two that are scored. */
export function residualBetween(
  { below, above, share }: Between<{ residualQuantile(level: number): number }>,
  level: number,
): number {
  return (1 - share) * below.residualQuantile(level) + share * above.residualQuantile(level);
}
