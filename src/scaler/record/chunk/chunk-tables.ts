export type Settings = readonly [threshold: number, hpaTolerance: number, serviceLevel: number];

/** What is said once in a chunk. */
export interface Tables {
  readonly startSeconds: number;
  readonly settings: Settings[];
  /** Kinds of decisions as numbers. */
  readonly kinds: number[];
  /** Templates of reasons. */
  readonly reasons: string[];
  readonly names: string[];
}

export function createTables(startSeconds: number): Tables {
  return { startSeconds, settings: [], kinds: [], reasons: [], names: [] };
}

/** Finds or adds entries of a table. */
export function createPlaces<T>(table: T[]): (entry: T) => number {
  const places = new Map<string, number>();
  return (entry) => {
    const key = JSON.stringify(entry);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, table.length);
    return table.push(entry) - 1;
  };
}

/** Characters that the reasons of a chunk have together: a source that gives each decision others must not make it large. */
const mostCharacters = 2_000;
/** Stands for reasons that find no room. */
const otherReasons = 'other reasons, which are not on record';

/** Finds or adds texts of a table, as long as there is room. */
export function createTextPlaces(table: string[]): (text: string) => number {
  const placeOf = createPlaces(table);
  let characters = 0;
  const known = new Set<string>();
  return (text) => {
    if (!known.has(text) && characters + text.length > mostCharacters) return placeOf(otherReasons);
    if (!known.has(text)) characters += text.length;
    known.add(text);
    return placeOf(text);
  };
}
