/** How many there are of something, by name. */
export interface Counts {
  of(name: string): number;
  add(name: string, change: number): void;
  /** Names that are remembered: those with a count. */
  readonly size: number;
}

/** Counts that forget a name whose count is 0, so that names that come and go take no memory. */
export function createCounts(): Counts {
  const counts = new Map<string, number>();
  const of = (name: string) => counts.get(name) ?? 0;
  return {
    of,
    add(name, change) {
      const now = of(name) + change;
      if (now > 0) counts.set(name, now);
      else counts.delete(name);
    },
    get size() {
      return counts.size;
    },
  };
}
