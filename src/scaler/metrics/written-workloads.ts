import { Registry } from 'prom-client';
import type { WorkloadView } from '../../forecast/index.ts';
import type { TimeSlices } from '../../platform/turns/time-slices.ts';
import { fillWorkload } from './fill-workload.ts';
import { createWorkloadMetrics } from './workload-metrics.ts';

/** Workloads that are written at once, some 700 series: a thousand have 110,000, whose text took a quarter of a second in one turn. */
const atOnce = 8;

/** Each metric of the workloads as text, read from memory in slices between which the event loop turns. */
export async function writtenWorkloads(
  workloads: readonly WorkloadView[],
  nowSeconds: number,
  slices: TimeSlices,
): Promise<string[]> {
  const registry = new Registry();
  const metrics = createWorkloadMetrics(registry);
  const texts = new Map<string, string[]>();
  for (let first = 0; first === 0 || first < workloads.length; first += atOnce) {
    for (const metric of metrics.values()) metric.reset();
    for (const workload of workloads.slice(first, first + atOnce)) {
      const { namespace, name, trigger } = workload;
      fillWorkload(workload, nowSeconds, (metric, value, labels) => {
        if (value !== undefined && Number.isFinite(value))
          metrics.get(metric)?.set({ namespace, name, trigger, ...labels }, value);
      });
    }
    for (const name of metrics.keys()) {
      const text = await registry.getSingleMetricAsString(name);
      if (first === 0) texts.set(name, [text]);
      else texts.get(name)?.push(...series(text));
    }
    if (slices.isOver()) await slices.nextTurn();
  }
  return [...texts.values()].map((parts) => parts.join('\n'));
}

/** The text of a metric without its two lines of help and type; nothing where it has no series. */
function series(text: string): readonly string[] {
  const start = text.indexOf('\n', text.indexOf('\n') + 1);
  return start === -1 ? [] : [text.slice(start + 1)];
}
