import type { WorkloadView } from '../../forecast/index.ts';

const daySeconds = 86_400;
/** Probability that demand is below the forecast at each moment of the day. */
const quantile = 0.9;

/** The highest demand that is forecast for the next day; undefined where there is no forecast. */
export function nextPeak({ gridSeconds, forecast }: WorkloadView['model']): number | undefined {
  const horizonSteps = Math.max(1, Math.floor(daySeconds / gridSeconds));
  const result = forecast({ horizonSteps, quantiles: [quantile] });
  const values = result.status === 'ok' ? result.quantiles[String(quantile)] : undefined;
  return values?.reduce((highest, value) => Math.max(highest, value), 0);
}
