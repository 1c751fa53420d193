import type { WorkloadView } from '../../forecast/index.ts';
import type { ScalingPolicy, Situation } from './policy.ts';

type Forecast = Situation['forecast'];
/** What is asked of a model to forecast the peak of the decision window. */
type PeakModel = Pick<WorkloadView['model'], 'peak' | 'newestSeconds'>;

/**
 * Keeps the newest forecast of a model. One that it gave is kept while it gives none, for as long as a blind workload is served.
 * `onForecast` hears, with each attempt, what the model threw, or undefined where it answered.
 */
export function createKeptForecast(model: PeakModel, onForecast?: (error: unknown) => void) {
  let forecast: Forecast = { kind: 'none', reasons: ['nothing has been read yet'] };
  let forecastSeconds = 0;

  function forecastOrFailure(nowSeconds: number, policy: ScalingPolicy): Forecast {
    try {
      const made = forecastAt(nowSeconds, model, policy);
      onForecast?.(undefined);
      return made;
    } catch (error) {
      onForecast?.(error);
      return { kind: 'none', reasons: [`the model failed: ${String(error)}`] };
    }
  }

  return {
    newest: () => forecast,
    /** Asks the model for the forecast as of `quantumSeconds`, and gives the one that is kept then. */
    renew(nowSeconds: number, quantumSeconds: number, policy: ScalingPolicy): Forecast {
      const next = forecastOrFailure(quantumSeconds, policy);
      const isHeld =
        forecast.kind === 'forecast' && Math.abs(nowSeconds - forecastSeconds) <= policy.blindSeconds;
      if (next.kind === 'none' && isHeld) return forecast;
      forecast = next;
      forecastSeconds = nowSeconds;
      return forecast;
    },
  };
}

/** The forecast of the peak within (now, now + window], however old the newest row is. */
function forecastAt(
  nowSeconds: number,
  model: PeakModel,
  { windowSeconds, serviceLevel }: ScalingPolicy,
): Forecast {
  const newestSeconds = model.newestSeconds();
  const dataAgeSeconds = Number.isFinite(newestSeconds) ? Math.max(0, nowSeconds - newestSeconds) : 0;
  const peak = model.peak({ leadSeconds: dataAgeSeconds, windowSeconds, quantiles: [0.5, serviceLevel] });
  if (peak.status === 'learning')
    return { kind: 'none', reasons: peak.reasons.map((reason) => reason.message) };
  const { trust, credibleMaximum, quantiles } = peak;
  const bound = quantiles[String(serviceLevel)] ?? Number.NaN;
  const median = quantiles['0.5'] ?? Number.NaN;
  if (![bound, median, trust, credibleMaximum].every(Number.isFinite)) {
    return { kind: 'none', reasons: ['the model gave no finite bound'] };
  }
  return { kind: 'forecast', bound, median, trust, credibleMaximum, dataAgeSeconds };
}
