/** One value of a row; undefined and null = there is none. */
export type Cell = string | number | boolean | null | undefined;

/** A line of CSV (RFC 4180). A value that is missing or not finite, as an unbounded quantile is, is left empty. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\n`;
}

/** What a spreadsheet would run: a text that begins like a formula, also in wide signs, and is no number below zero. */
const formula = /^(?:[=+@＝＋－＠\t\r\n]|-(?!\d+(?:\.\d+)?$))/;

function cellText(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = String(cell ?? '');
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
