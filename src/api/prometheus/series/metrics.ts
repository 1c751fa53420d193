import { peakMetric, replicasAskedMetric, signalMetric } from './decisions.ts';
import { detailMetrics } from './details.ts';
import { eventMetric } from './events.ts';
import { forecastMetric } from './forecast.ts';
import { observedMetric } from './observed.ts';
import type { ServedMetric } from './subject.ts';

/** Every metric of this API by its name; docs/prometheus-api.md is tested against it. */
export const servedMetrics: Readonly<Record<string, ServedMetric>> = {
  forescale_observed: observedMetric,
  forescale_forecast: forecastMetric,
  forescale_peak: peakMetric,
  forescale_signal: signalMetric,
  forescale_replicas_asked: replicasAskedMetric,
  forescale_event: eventMetric,
  ...detailMetrics,
};

/** Whether a metric is told only to who names it: details are more series than everything else of a workload. */
export const isDetail = (name: string) => name in detailMetrics;
