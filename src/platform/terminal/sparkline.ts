const blocks = [...'▁▂▃▄▅▆▇█'];

/**
 * Draws values as a line of at most `width` block characters, on a scale from 0 to `highest` (default: the largest value).
 * Where several values share a block, their mean is drawn.
 */
export function sparkline(
  values: readonly number[],
  { width = 72, highest }: { readonly width?: number; readonly highest?: number } = {},
): string {
  const buckets = Math.min(width, values.length);
  const means = Array.from({ length: buckets }, (_, bucket) => {
    const from = Math.floor((bucket * values.length) / buckets);
    const to = Math.floor(((bucket + 1) * values.length) / buckets);
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const top = highest ?? Math.max(...means, Number.MIN_VALUE);
  const last = blocks.length - 1;
  return means.map((mean) => blocks[Math.min(last, Math.round((mean / top) * last))] ?? '·').join('');
}
