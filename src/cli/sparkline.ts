const blocks = [...'▁▂▃▄▅▆▇█'];

/** Values as a line of at most `width` blocks, from 0 to their maximum; several values a block are averaged. */
export function sparkline(values: readonly number[], width = 72): string {
  const buckets = Math.min(width, values.length);
  const means = Array.from({ length: buckets }, (_, bucket) => {
    const from = Math.floor((bucket * values.length) / buckets);
    const to = Math.floor(((bucket + 1) * values.length) / buckets);
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const highest = Math.max(...means, Number.MIN_VALUE);
  return means.map((mean) => blocks[Math.round((mean / highest) * (blocks.length - 1))] ?? '·').join('');
}
