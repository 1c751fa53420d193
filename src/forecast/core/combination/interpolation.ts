/** The two entries beside a place on a scale on which entries have places of their own. */
export interface Neighbours<T> {
  readonly below: T;
  readonly above: T;
  /** Share of `above`, 0–1, linear in the logarithm of the place. */
  readonly share: number;
}

/** The entries beside a place; before the first and after the last entry both are that entry. Entries rise, at least one. */
export function neighboursOf<T>(
  entries: readonly T[],
  place: number,
  placeOf: (entry: T) => number,
): Neighbours<T> {
  let index = 0;
  while (index < entries.length - 1 && placeOf(entries[index]!) < place) index++;
  const above = entries[index]!;
  const below = entries[Math.max(0, index - 1)]!;
  const from = placeOf(below);
  const to = placeOf(above);
  if (to <= from || place >= to) return { below: above, above, share: 1 };
  if (place <= from) return { below, above: below, share: 0 };
  return { below, above, share: Math.log(place / from) / Math.log(to / from) };
}

/** A number between those of two neighbours, by their shares. */
export function interpolate<T>(
  { below, above, share }: Neighbours<T>,
  numberOf: (entry: T) => number,
): number {
  return (1 - share) * numberOf(below) + share * numberOf(above);
}
