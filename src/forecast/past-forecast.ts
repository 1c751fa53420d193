import {
  createForecaster,
  type Forecaster,
  type ForecastRequest,
  type ForecastResult,
  type ModelOptions,
} from './core/index.ts';
import { replay } from './replays/replay.ts';

/** A forecast as of a moment of the past. */
export interface PastForecastRequest extends ForecastRequest {
  readonly atSeconds: number;
}

/**
 * The forecast that a model makes of what it remembers up to a moment. It costs up to a second of one core for a history of weeks, in
 * slices that leave the event loop free. It knows no more of the past than the model remembers, which is some two weeks of a usual
 * step, so that it may differ by a little from what was served then. Rejects with the signal's reason.
 */
export async function forecastOfPast(
  known: Pick<Forecaster, 'gridSeconds' | 'history'>,
  options: ModelOptions,
  { atSeconds, ...request }: PastForecastRequest,
  signal: AbortSignal,
): Promise<ForecastResult> {
  const forecaster = createForecaster({ ...options, stepSeconds: known.gridSeconds });
  await replay(forecaster, known.history(Number.NEGATIVE_INFINITY, atSeconds), { signal });
  return forecaster.forecast(request);
}
