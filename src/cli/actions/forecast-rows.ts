import type { ForecastJson } from '../../api/answers/forecast-json.ts';
import { csvLine } from '../../api/rows/csv-line.ts';
import { zonedTime } from '../../platform/moment.ts';

/** How the rows of a forecast are written for other programs. */
export interface RowOptions {
  readonly quantiles: readonly number[];
  /** Seconds that the clocks of the wanted time zone are ahead of UTC. */
  readonly offsetAt: (unixSeconds: number) => number;
  /** Unit of demand, written into every row; undefined = none is known. */
  readonly unit: string | undefined;
}

/** The forecast as CSV (RFC 4180): a header, then a row for each step with its time, the median, the quantiles and the unit. */
export function* forecastCsv({ points }: ForecastJson, options: RowOptions): Generator<string> {
  const { unit, offsetAt } = options;
  const levels = options.quantiles.filter((q) => q !== 0.5).map(String);
  const units = unit === undefined ? [] : [unit];
  yield csvLine(['timestamp', 'median', ...levels, ...units.map(() => 'unit')]);
  for (const { t, median, quantiles } of points) {
    const bounds = levels.map((level) => quantiles[level]);
    yield csvLine([zonedTime(t, offsetAt(t)), median, ...bounds, ...units]);
  }
}

/** The forecast as NDJSON: the points of `--json`, one in a line, with the time in words and the unit. */
export function* forecastNdjson({ points }: ForecastJson, { unit, offsetAt }: RowOptions): Generator<string> {
  for (const { t, ...values } of points) {
    yield `${JSON.stringify({ t, time: zonedTime(t, offsetAt(t)), ...values, unit })}\n`;
  }
}
