/** One variable of the environment: everything that is said and decided about it comes from here. */
export interface Setting<T> {
  readonly variable: string;
  readonly meaning: string;
  /** What a value may be, as a sentence goes on after "must be". */
  readonly allowed: string;
  /** The text that stands for a variable that is not set; a setting without one may be absent. */
  readonly default?: string;
  /** Never shown, not even when it is not allowed. */
  readonly isSecret?: true;
  /** The value of a text that is not empty; undefined when it is not allowed. */
  readonly parse: (text: string) => T | undefined;
}

export type Variables = Readonly<Record<string, string | undefined>>;

export function parseNumber(text: string, lowest: number, highest: number): number | undefined {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= lowest && value <= highest ? value : undefined;
}

export function parseWhole(text: string, lowest: number, highest: number): number | undefined {
  const value = parseNumber(text, lowest, highest);
  return Number.isInteger(value) ? value : undefined;
}
