/**
 * How many of rows that rise in time come in one answer of about `limit`. Rows of one moment stay together, because the next answer
 * begins at a moment: where more than `limit` rows have the first one, all of these come.
 */
export function wholeMoments<Row>(
  rows: readonly Row[],
  limit: number,
  secondsOf: (row: Row) => number,
): number {
  const seconds = rows.map(secondsOf);
  const parts = (index: number) => seconds[index] !== seconds[index - 1];
  let end = Math.min(limit, rows.length);
  while (end > 0 && !parts(end)) end--;
  if (end > 0) return end;
  end = Math.min(limit, rows.length);
  while (end < rows.length && !parts(end)) end++;
  return end;
}
