import { invalidField } from '../platform/errors.ts';
import { quoted, type Series } from './series.ts';

const rowsPerChunk = 1_000;

/**
 * Writes a series as OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`, in chunks that follow each other.
 * Throws `invalid-argument` for a counter whose name does not end in `_total`, which the format demands.
 * Source: OpenMetrics 1.0, "Counter" and "Timestamps" (seconds).
 */
export function* openMetricsText({ metric, labels, kind, timestamps, values }: Series): Generator<string> {
  if (kind === 'counter' && !metric.endsWith('_total')) {
    const message = `--metric: a counter's name ends in _total in OpenMetrics; use ${metric}_total, or --as gauge`;
    throw invalidField('metric', message);
  }
  // The name of a counter's family lacks the suffix that its samples have.
  const family = kind === 'counter' ? metric.slice(0, -'_total'.length) : metric;
  yield `# HELP ${family} History written by forescale seed.\n# TYPE ${family} ${kind}\n`;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`);
  const name = pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
  for (let from = 0; from < timestamps.length; from += rowsPerChunk) {
    let text = '';
    for (let row = from; row < Math.min(from + rowsPerChunk, timestamps.length); row++) {
      text += `${name} ${values[row]} ${timestamps[row]}\n`;
    }
    yield text;
  }
  yield '# EOF\n';
}
