/** One value of a row; undefined and null = there is none. */
export type Cell = string | number | boolean | null | undefined;

/** A line of CSV (RFC 4180). A value that is missing or not finite, as an unbounded quantile is, is left empty. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\n`;
}

function cellText(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = String(cell ?? '');
  // A spreadsheet would run what begins like a formula.
  const safe = /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
