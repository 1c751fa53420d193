/** A number with at most four significant digits. */
export function inWords(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A share as a percentage with at most four significant digits: 0.972 → `97.2%`. */
export function percentage(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
