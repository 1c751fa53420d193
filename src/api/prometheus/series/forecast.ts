import { formatDuration } from '../../../platform/duration.ts';
import { type Line, type ServedMetric, type Subject, stepOf } from './subject.ts';

/** Label values of the quantiles that every workload has; a matcher can name others. */
export const usualQuantiles: readonly string[] = ['0.5', '0.9', '0.95', '0.99'];

/**
 * The forecast made as of now: the value of the step of the model's grid that the moment lies in. It begins after the newest step
 * that was observed.
 */
export const forecastMetric: ServedMetric = {
  help: 'Forecast demand as of now, by quantile, in the unit of the query. It has values in the future.',
  known(subject) {
    const { workload, quantiles } = subject;
    const isKnown = workload.model.forecast({ horizonSteps: 1 }).status === 'ok';
    return isKnown ? quantiles.map((quantile) => [['quantile', quantile]] as const) : [];
  },
  lines(subject) {
    const horizonSteps = stepsAhead(subject);
    return horizonSteps < 1 ? [] : forecastLines(subject, horizonSteps);
  },
};

/** Steps from the newest one of the grid, at the earliest, to the end of the span; at most as many as are looked ahead. */
function stepsAhead({ workload: { model }, span, maxSteps, warn }: Subject): number {
  const { gridSeconds } = model;
  const originSeconds = model.newestSeconds() - gridSeconds;
  const steps = Number.isFinite(originSeconds) ? stepOf(span.toMs, originSeconds, gridSeconds) : 1;
  if (steps > maxSteps) warn(`a forecast reaches ${formatDuration(maxSteps * gridSeconds)} ahead`);
  return Math.min(steps, maxSteps);
}

function forecastLines({ workload, quantiles, nowMs, span, warn }: Subject, horizonSteps: number): Line[] {
  // Asked together with the usual ones, because a bound is never below that of a lower level.
  const asked = [...new Set([...usualQuantiles, ...quantiles])].map(Number);
  const result = workload.model.forecast({ horizonSteps, quantiles: asked });
  if (result.status === 'learning') {
    if (span.toMs >= nowMs) warn(`there is no forecast: it ${result.reasons[0]?.message ?? 'is learning'}`);
    return [];
  }
  const { origin, stepSeconds } = result;
  return quantiles.map((quantile) => {
    const values = result.quantiles[quantile];
    return {
      labels: [['quantile', quantile]],
      valueAt: (atMs) => values?.[stepOf(atMs, origin, stepSeconds) - 1] ?? Number.NaN,
    };
  });
}
