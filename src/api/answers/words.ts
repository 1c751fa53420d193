/** A number with at most four significant digits. */
export function inWords(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A demand with at most four significant digits and, where it is known, its unit: `12.5 requests/s`. */
export function demandInWords(value: number, unit: string | undefined): string {
  return unit === undefined ? inWords(value) : `${inWords(value)} ${unit}`;
}

/** A share that was measured, as a percentage with two significant digits, which is what a week of minutes can tell. */
export function measuredShare(share: number): string {
  return percentage(Number(share.toPrecision(2)));
}

/** A share as a percentage with at most four significant digits: 0.972 → `97.2%`. */
export function percentage(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
