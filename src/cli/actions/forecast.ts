import { type ForecastJson, toForecastJson } from '../../api/answers/forecast-json.ts';
import { writtenRows } from '../../api/rows/written-rows.ts';
import { createTimeZone } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { zonedTime } from '../../platform/moment.ts';
import { sparkline } from '../../platform/terminal/sparkline.ts';
import { formatNumber, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import type { ForecastFlags } from '../commands/forecast.ts';
import { forecastRows } from './forecast-rows.ts';
import { readHorizonSteps } from './horizon-steps.ts';
import { notYet } from './not-yet.ts';
import { openForecaster } from './open-forecaster.ts';
import { eventLine } from './server/calendar-lines.ts';

/** Rows of the table people see; all of them are in --json. */
const shownRows = 12;

/** `forescale forecast`: forecasts demand from a CSV file or a source. */
export async function forecast(flags: ForecastFlags, io: CommandIo): Promise<void> {
  const { horizonSeconds, atSeconds, quantiles, unit, timeZone = 'UTC' } = flags.values;
  const format = readFormat(flags);
  const { history, forecaster, given, learn } = await openForecaster(flags, io, {
    atSeconds,
    horizonSeconds,
  });
  const horizonSteps = readHorizonSteps(flags, horizonSeconds, forecaster.gridSeconds, io);
  await learn();
  const answer = toForecastJson(forecaster.forecast({ horizonSteps, quantiles }), forecaster.gridSeconds);
  const firstSeconds = history.timestamps[0] ?? 0;
  const lastSeconds = forecaster.newestSeconds + horizonSeconds;
  const named = given === undefined ? {} : { events: given.within(firstSeconds, lastSeconds) };
  if (format === 'json') io.stdout(`${JSON.stringify({ ...answer, ...named })}\n`);
  if (answer.status === 'learning') throw notYet('no forecast yet', answer.reasons);
  if (format === 'json') return;
  if (format !== 'table')
    return io.stdout(await writtenRows(forecastRows(answer, { quantiles, unit }), format, timeZone));
  io.stdout(forPeople(answer, { quantiles, unit, offsetAt: createTimeZone(timeZone).offsetAt }));
  const ahead = given?.within(answer.origin ?? lastSeconds, lastSeconds) ?? [];
  if (ahead.length > 0)
    io.stdout(`\nevents\n${ahead.map((one) => `  ${eventLine(one, timeZone)}\n`).join('')}`);
}

/** What is printed: --json is short for --format json, and JSON has no place for a unit, which would change its stable shape. */
function readFormat(flags: ForecastFlags) {
  const { format, json, unit } = flags.values;
  if (json && flags.isGiven('format') && format !== 'json') {
    flags.wrong('--format', `"${format}" cannot be used beside --json; keep one of them`);
  }
  const wanted = json ? 'json' : format;
  if (wanted === 'json' && unit !== undefined) {
    flags.wrong('--unit', 'is not written into JSON; use --format csv or ndjson, or leave it out');
  }
  return wanted;
}

function forPeople(
  forecast: ForecastJson,
  {
    quantiles,
    unit,
    offsetAt,
  }: {
    readonly quantiles: readonly number[];
    readonly unit: string | undefined;
    readonly offsetAt: (unixSeconds: number) => number;
  },
): string {
  const shownTime = (t: number) => zonedTime(t, offsetAt(t)).replace('T', ' ');
  const { origin, points, seasons, stepSeconds } = forecast;
  const found = seasons.length === 0 ? 'none found' : seasons.map(formatDuration).join(' and ');
  const last = points.at(-1);
  const every = Math.max(1, Math.ceil(points.length / shownRows));
  const shown = points.filter((_, index) => (index + 1) % every === 0);
  const columns = quantiles.filter((q) => q !== 0.5).map(String);
  return [
    `forecast as of ${shownTime(origin ?? Number.NaN)}, step ${formatDuration(stepSeconds)}, seasons: ${found}\n`,
    `${sparkline(points.map(({ median }) => median))}  median until ${shownTime(last?.t ?? Number.NaN)}\n\n`,
    textTable([
      [
        'time',
        unit === undefined ? 'median' : `median (${unit})`,
        ...columns.map((q) => `${Number(q) * 100}%`),
      ],
      ...shown.map((point) => [
        shownTime(point.t),
        formatNumber(point.median),
        ...columns.map((q) => formatNumber(point.quantiles[q] ?? Number.NaN)),
      ]),
    ]),
  ].join('');
}
