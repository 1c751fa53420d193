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

/** The numbers of the entries beside whole places, as {@link neighboursOf} finds them: a path asks for the same ones at each forecast. */
export class NeighbourTable {
  /** By place, up to the highest entry. */
  readonly #above: Uint16Array;
  readonly #shares: Float64Array;

  /** `places` of the entries, rising, at least one. */
  constructor(places: readonly number[]) {
    const count = places.at(-1)! + 1;
    this.#above = new Uint16Array(count);
    this.#shares = new Float64Array(count);
    for (let place = 0; place < count; place++) {
      const above = places.findIndex((other) => other >= place);
      const to = places[above]!;
      const from = places[Math.max(0, above - 1)]!;
      const isBetween = from < to && place > from && place < to;
      this.#above[place] = above;
      this.#shares[place] = isBetween ? Math.log(place / from) / Math.log(to / from) : 1;
    }
  }

  /** Writes what lies at the places from `first` on between the numbers of the entries, by their shares, to the first `count` of `into`. */
  along(first: number, count: number, numbers: Float64Array, into: Float64Array): void {
    const aboves = this.#above;
    const shares = this.#shares;
    const last = aboves.length - 1;
    for (let i = 0, place = first; i < count; i++, place++) {
      const at = place < last ? place : last;
      const above = aboves[at]!;
      const share = shares[at]!;
      into[i] = (1 - share) * numbers[above > 0 ? above - 1 : 0]! + share * numbers[above]!;
    }
  }
}

/** A number between those of two neighbours, by their shares. */
export function interpolate<T>(
  { below, above, share }: Neighbours<T>,
  numberOf: (entry: T) => number,
): number {
  return (1 - share) * numberOf(below) + share * numberOf(above);
}
