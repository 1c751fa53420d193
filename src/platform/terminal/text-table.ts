/** Formats rows as aligned text columns. The first row is the heading; all columns but the first are right-aligned. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) => {
    const [first = '', ...others] = row;
    const cells = others.map((cell, index) => cell.padStart(widths[index + 1] ?? 0));
    return `${[first.padEnd(widths[0] ?? 0), ...cells].join('  ').trimEnd()}\n`;
  });
  return lines.join('');
}

/** Formats a ratio for people, and a dash for NaN and infinity. */
export function formatPercentage(ratio: number): string {
  return Number.isFinite(ratio) ? `${(ratio * 100).toFixed(1)}%` : '–';
}

/** Formats a number for people: four significant digits, no exponent, and a dash for NaN and infinity. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))));
  return value.toFixed(digits);
}
