import type { WorkloadView } from '../../forecast/index.ts';
import type { TimeSlices } from '../../platform/turns/time-slices.ts';
import { labelsText, metricHead, sampleLine } from './text-format.ts';
import { type WorkloadMetric, workloadMetrics } from './workload-metrics.ts';
import { readWorkload, type WorkloadReading } from './workload-reading.ts';

/** Series that every scrape has, or all of workloads that were asked for by name. */
export type Detail = 'usual' | 'asked';

/** Characters that are handed on at once: below what a socket takes without waiting, above what a write costs. */
const chunkCharacters = 32_768;

/**
 * The metrics of workloads as text, in pieces, so that nobody holds all of it: ten thousand workloads are twenty megabytes. Every
 * number is of one moment, read in the beginning; the event loop turns in between.
 */
export async function* writtenWorkloads(
  workloads: readonly WorkloadView[],
  detail: Detail,
  nowSeconds: number,
  slices: TimeSlices,
): AsyncGenerator<string> {
  const readings: WorkloadReading[] = [];
  for (const workload of workloads) {
    if (slices.isOver()) await slices.nextTurn();
    readings.push(readWorkload(workload, nowSeconds));
  }
  let text = '';
  let separator = '';
  for (const [name, metric] of metricsOf(detail)) {
    text += `${separator}${metricHead(name, metric.help, metric.type ?? 'gauge')}`;
    separator = '\n';
    for (const reading of readings) {
      text += seriesText(name, metric, detail, reading);
      if (text.length >= chunkCharacters) {
        yield text;
        text = '';
      }
      if (slices.isOver()) await slices.nextTurn();
    }
  }
  yield text;
}

function metricsOf(detail: Detail): readonly (readonly [string, WorkloadMetric])[] {
  const all = Object.entries<WorkloadMetric>(workloadMetrics);
  return detail === 'asked' ? all : all.filter(([, { usual }]) => usual !== undefined);
}

/** The lines of one metric of one workload; empty where nothing is known. */
function seriesText(
  name: string,
  { usual, asked }: WorkloadMetric,
  detail: Detail,
  reading: WorkloadReading,
): string {
  const read = detail === 'asked' ? (asked ?? usual) : usual;
  const found = read?.(reading);
  if (found === undefined) return '';
  if (typeof found === 'number') return Number.isFinite(found) ? sampleLine(name, reading.labels, found) : '';
  let text = '';
  for (const [own, value] of found) {
    if (value !== undefined && Number.isFinite(value))
      text += sampleLine(name, `${reading.labels},${labelsText(own)}`, value);
  }
  return text;
}
