import type { ForecastResult } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { AdHocForecastSchema } from '../schemas/forecast.ts';

/** A forecast as the command and the API print it (design.md §4.3); the shape is stable. JSON writes infinity as null. */
export type ForecastJson = Omit<Answer<typeof AdHocForecastSchema>, 'warnings'>;

/** A forecast for printing. `gridSeconds` is the step of the answer while there is no forecast yet. */
export function toForecastJson(result: ForecastResult, gridSeconds: number): ForecastJson {
  if (result.status === 'learning') {
    const { status, reasons, origin } = result;
    return { status, reasons, origin, stepSeconds: gridSeconds, seasons: [], points: [] };
  }
  const { origin, stepSeconds, seasonsSeconds, median } = result;
  const quantiles = Object.entries(result.quantiles);
  const points = Array.from(median, (value, index) => ({
    t: origin + (index + 1) * stepSeconds,
    median: value,
    quantiles: Object.fromEntries(quantiles.map(([q, values]) => [q, values[index] ?? value])),
  }));
  return { status: 'ok', reasons: [], origin, stepSeconds, seasons: seasonsSeconds, points };
}
