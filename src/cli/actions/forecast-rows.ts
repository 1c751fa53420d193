import type { ForecastJson } from '../../api/answers/forecast-json.ts';
import type { Rows } from '../../api/rows/written-rows.ts';

/** The forecast as rows, written as the API writes its own: the median and the other quantiles are columns. */
export function forecastRows(
  { points }: ForecastJson,
  { quantiles, unit }: { readonly quantiles: readonly number[]; readonly unit: string | undefined },
): Rows {
  const levels = quantiles.filter((q) => q !== 0.5).map(String);
  return {
    columns: ['median', ...levels],
    unit,
    rows: points.map(({ t: atSeconds, ...json }) => ({
      atSeconds,
      cells: [json.median, ...levels.map((level) => json.quantiles[level])],
      json,
    })),
  };
}
