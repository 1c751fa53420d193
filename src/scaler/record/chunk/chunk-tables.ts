/** What is said of many decisions: a {@link Kind} as a number, and the place of its reasons. */
export type State = readonly [kind: number, reasons: number];
export type Settings = readonly [threshold: number, hpaTolerance: number, serviceLevel: number];

/** What is said once in a chunk. */
export interface Tables {
  readonly startSeconds: number;
  readonly settings: Settings[];
  readonly states: State[];
  /** Templates of reasons. */
  readonly reasons: string[];
  readonly names: string[];
}

/** Entries of a table. A source that gives each decision reasons of its own must not make a chunk large. */
const mostEntries = 64;

export function createTables(startSeconds: number): Tables {
  return { startSeconds, settings: [], states: [], reasons: [], names: [] };
}

/** Finds or adds entries of a table; where it is full the last one stands for those that are new. */
export function createPlaces<T>(table: T[]): (entry: T) => number {
  const places = new Map<string, number>();
  return (entry) => {
    const key = JSON.stringify(entry);
    const known = places.get(key);
    if (known !== undefined) return known;
    if (table.length >= mostEntries) return table.length - 1;
    places.set(key, table.length);
    return table.push(entry) - 1;
  };
}
