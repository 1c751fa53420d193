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

/** The numbers of the entries beside places that are asked from the highest on, as {@link neighboursOf} finds them; a walk makes none anew. */
export class NeighboursGoingDown {
  below: number;
  above: number;
  /** Share of `above`, 0–1. */
  share = 1;
  readonly #places: readonly number[];
  #logSpan = 0;

  /** `places` of the entries, rising, at least one. */
  constructor(places: readonly number[]) {
    this.#places = places;
    this.above = places.length - 1;
    this.below = this.above;
    this.#moveTo(this.above);
  }

  /** Goes on to a place that is no higher than the one before. */
  goTo(place: number): void {
    const places = this.#places;
    while (this.above > 0 && places[this.above - 1]! >= place) this.#moveTo(this.above - 1);
    const isBetween = this.below < this.above && place < places[this.above]!;
    this.share = isBetween ? Math.log(place / places[this.below]!) / this.#logSpan : 1;
  }

  #moveTo(above: number): void {
    this.above = above;
    this.below = Math.max(0, above - 1);
    this.#logSpan = Math.log(this.#places[above]! / this.#places[this.below]!);
  }
}

/** A number between those of two neighbours, by their shares. */
export function interpolate<T>(
  { below, above, share }: Neighbours<T>,
  numberOf: (entry: T) => number,
): number {
  return (1 - share) * numberOf(below) + share * numberOf(above);
}
