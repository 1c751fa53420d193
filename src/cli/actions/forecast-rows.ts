import type { ForecastJson } from '../../api/answers/forecast-json.ts';

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
  const units = unit === undefined ? [] : [quoted(unit)];
  yield `${['timestamp', 'median', ...levels, ...units.map(() => 'unit')].join(',')}\n`;
  for (const { t, median, quantiles } of points) {
    const bounds = levels.map((level) => numberCell(quantiles[level]));
    yield `${[zonedTime(t, offsetAt(t)), numberCell(median), ...bounds, ...units].join(',')}\n`;
  }
}

/** The forecast as NDJSON: the points of `--json`, one in a line, with the time in words and the unit. */
export function* forecastNdjson({ points }: ForecastJson, { unit, offsetAt }: RowOptions): Generator<string> {
  for (const { t, ...values } of points) {
    yield `${JSON.stringify({ t, time: zonedTime(t, offsetAt(t)), ...values, unit })}\n`;
  }
}

/** A moment as the clocks of a place show it, with what they are ahead of UTC: `2026-01-05T10:00:00+01:00`. */
export function zonedTime(unixSeconds: number, offsetSeconds: number): string {
  const local = new Date(Math.round(unixSeconds + offsetSeconds) * 1000).toISOString().slice(0, 19);
  if (offsetSeconds === 0) return `${local}Z`;
  const minutes = Math.abs(offsetSeconds) / 60;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${local}${offsetSeconds < 0 ? '-' : '+'}${hour}:${minute}`;
}

/** JSON writes an infinite bound as null; a CSV leaves it empty. */
const numberCell = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) ? String(value) : '';

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
