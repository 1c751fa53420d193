import { type ForecastJson, toForecastJson } from '../../api/answers/forecast-json.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import { sparkline } from '../../platform/terminal/sparkline.ts';
import { formatNumber, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import type { ForecastFlags } from '../commands/forecast.ts';
import { readHorizonSteps } from './horizon-steps.ts';
import { notYet } from './not-yet.ts';
import { openForecaster } from './open-forecaster.ts';

/** Rows of the table people see; all of them are in --json. */
const shownRows = 12;

/** `forescale forecast`: forecasts demand from a CSV file or a source. */
export async function forecast(flags: ForecastFlags, io: CommandIo): Promise<void> {
  const { horizonSeconds, atSeconds, quantiles, json } = flags.values;
  const { forecaster, learn } = await openForecaster(flags, io, { atSeconds, horizonSeconds });
  const horizonSteps = readHorizonSteps(flags, horizonSeconds, forecaster.gridSeconds, io);
  await learn();
  const answer = toForecastJson(forecaster.forecast({ horizonSteps, quantiles }), forecaster.gridSeconds);
  if (json) io.stdout(`${JSON.stringify(answer)}\n`);
  if (answer.status === 'learning') throw notYet('no forecast yet', answer.reasons);
  if (!json) io.stdout(forPeople(answer, quantiles));
}

function forPeople(forecast: ForecastJson, quantiles: readonly number[]): string {
  const { origin, points, seasons, stepSeconds } = forecast;
  const found = seasons.length === 0 ? 'none found' : seasons.map(formatDuration).join(' and ');
  const last = points.at(-1);
  const every = Math.max(1, Math.ceil(points.length / shownRows));
  const shown = points.filter((_, index) => (index + 1) % every === 0);
  const columns = quantiles.filter((q) => q !== 0.5).map(String);
  return [
    `forecast as of ${formatMoment(origin ?? Number.NaN)}, step ${formatDuration(stepSeconds)}, seasons: ${found}\n`,
    `${sparkline(points.map(({ median }) => median))}  median until ${formatMoment(last?.t ?? Number.NaN)}\n\n`,
    textTable([
      ['time', 'median', ...columns.map((q) => `${Number(q) * 100}%`)],
      ...shown.map((point) => [
        formatMoment(point.t),
        formatNumber(point.median),
        ...columns.map((q) => formatNumber(point.quantiles[q] ?? Number.NaN)),
      ]),
    ]),
  ].join('');
}
