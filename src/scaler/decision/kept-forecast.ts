import type { WorkloadView } from '../../forecast/index.ts';
import type { ServiceState } from '../service-level/played-service.ts';
import type { ScalingPolicy, Situation } from './policy.ts';

type Forecast = Situation['forecast'];
/** What is asked of a model to forecast the peak of the decision window. */
type PeakModel = Pick<WorkloadView['model'], 'peak' | 'newestSeconds'>;
type Kept = Pick<Situation, 'forecast' | 'service'>;

/** What forecasts are made of. */
interface ForecastParts {
  readonly model: PeakModel;
  service(): ServiceState;
  /** Hears, with each attempt, what the model threw, or undefined where it answered. */
  onForecast?(error: unknown): void;
}

/**
 * Keeps the newest forecast of a model, and how the promised service was to be delivered then. A forecast that the model gave is
 * kept, with the service, while it gives none, for as long as a blind workload is served. A class, as StartingFleet of the controllers is.
 */
export class KeptForecast {
  newest: Kept;
  readonly #parts: ForecastParts;
  #keptSeconds = 0;

  constructor(parts: ForecastParts) {
    this.#parts = parts;
    this.newest = { forecast: nothingRead, service: situationOf(parts.service(), 0) };
  }

  /** Asks the model for the forecast as of `quantumSeconds`, and gives what is kept then. */
  renew(
    nowSeconds: number,
    quantumSeconds: number,
    { windowSeconds, blindSeconds }: Pick<ScalingPolicy, 'windowSeconds' | 'blindSeconds'>,
  ): Kept {
    const state = this.#parts.service();
    const forecast = this.#forecastOrFailure(quantumSeconds, windowSeconds, state.asked);
    const isHeld =
      this.newest.forecast.kind === 'forecast' && Math.abs(nowSeconds - this.#keptSeconds) <= blindSeconds;
    if (forecast.kind === 'none' && isHeld) return this.newest;
    this.newest = { forecast, service: situationOf(state, quantumSeconds) };
    this.#keptSeconds = nowSeconds;
    return this.newest;
  }

  #forecastOrFailure(nowSeconds: number, windowSeconds: number, asked: ServiceState['asked']): Forecast {
    try {
      const made = forecastAt(nowSeconds, this.#parts.model, windowSeconds, asked);
      this.#parts.onForecast?.(undefined);
      return made;
    } catch (error) {
      this.#parts.onForecast?.(error);
      return { kind: 'none', reasons: [`the model failed: ${String(error)}`] };
    }
  }
}

const nothingRead: Forecast = { kind: 'none', reasons: ['nothing has been read yet'] };

/** The forecast of the peak within (now, now + window], however old the newest row is. */
function forecastAt(
  nowSeconds: number,
  model: PeakModel,
  windowSeconds: number,
  { level, factor }: ServiceState['asked'],
): Forecast {
  const newestSeconds = model.newestSeconds();
  const dataAgeSeconds = Number.isFinite(newestSeconds) ? Math.max(0, nowSeconds - newestSeconds) : 0;
  const peak = model.peak({ leadSeconds: dataAgeSeconds, windowSeconds, quantiles: [0.5, level] });
  if (peak.status === 'learning')
    return {
      kind: 'none',
      reasons: peak.reasons.map((reason) => reason.message),
      isLearned: peak.reasons.every(({ code }) => code !== 'history-not-read'),
    };
  const { credibleMaximum, bounds } = peak;
  const [median = Number.NaN, bound = Number.NaN] = bounds;
  if (!(Number.isFinite(bound) && Number.isFinite(median) && Number.isFinite(credibleMaximum))) {
    return { kind: 'none', reasons: ['the model gave no finite bound'] };
  }
  return { kind: 'forecast', bound: factor * bound, median, credibleMaximum, dataAgeSeconds };
}

function situationOf(
  { asked, headroom, usualDemand, recentMaximum, trust }: ServiceState,
  nowSeconds: number,
): Situation['service'] {
  return {
    askedLevel: asked.level,
    askedFactor: asked.factor,
    margin: asked.margin,
    headroom,
    usualDemand,
    recentMaximum: recentMaximum(nowSeconds),
    trust,
  };
}
