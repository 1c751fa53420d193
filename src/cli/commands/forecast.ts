import type { Command } from 'commander';
import { createForecaster } from '../../forecast/core/index.ts';
import { type ForecastJson, toForecastJson } from '../../forecast/forecast-json.ts';
import { replay } from '../../forecast/replay.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import type { CommandIo } from '../command-io.ts';
import { createFlagValues } from '../flag-values.ts';
import {
  addHistoryOptions,
  type HistoryFlags,
  historyInputHelp,
  loadHistory,
  readHistoryInput,
} from '../history-input.ts';
import { sparkline } from '../sparkline.ts';
import { formatNumber, textTable } from '../text-table.ts';

interface ForecastFlags extends HistoryFlags {
  readonly horizon: string;
  readonly at?: string;
  readonly quantiles: string;
  readonly seasons?: string;
  readonly json?: boolean;
}

const examples = `${historyInputHelp}

Examples:
  forescale forecast --csv requests.csv --horizon 24h
  forescale forecast --csv requests.csv --at 2026-01-05T09:00Z --horizon 2h --json
  forescale forecast --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))' --range 14d
`;

/** Rows of the table people see; all of them are in --json. */
const shownRows = 12;

/** `forescale forecast`: what demand will be, from a CSV file or Prometheus. */
export function addForecastCommand(program: Command, io: CommandIo): void {
  addHistoryOptions(program.command('forecast').description('forecast demand from its history'))
    .option('--horizon <duration>', 'how far ahead', '24h')
    .option('--at <time>', 'forecast as of then, using nothing newer (default: the newest row)')
    .option('--quantiles <list>', 'probabilities between 0 and 1', '0.5,0.9,0.95,0.99')
    .option('--seasons <list>', 'lengths of the seasons, such as 1d,7d (default: found in the history)')
    .option('--json', 'print the forecast as JSON')
    .addHelpText('after', examples)
    .action((flags: ForecastFlags) => run(flags, io));
}

async function run(flags: ForecastFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('forecast');
  const input = readHistoryInput(flags, values);
  const horizonSeconds = values.seconds('--horizon', flags.horizon);
  const atSeconds = flags.at === undefined ? undefined : values.moment('--at', flags.at);
  const quantiles = values.list('--quantiles', flags.quantiles, (flag, item) =>
    values.number(flag, item, (q) => q > 0 && q < 1, 'between 0 and 1, such as 0.95'),
  );
  const seasonsSeconds =
    flags.seasons === undefined ? undefined : values.list('--seasons', flags.seasons, values.seconds);
  values.check();

  // A CSV may reach into the future, which is then what the user calls history.
  const newest = input.kind === 'csv' ? Number.POSITIVE_INFINITY : systemClock();
  const history = await loadHistory(input, io, atSeconds ?? newest);
  const forecaster = createForecaster({
    stepSeconds: history.stepSeconds,
    ...(seasonsSeconds === undefined ? {} : { seasonsSeconds }),
    ...(horizonSeconds > 86_400 ? { maxHorizonSeconds: horizonSeconds } : {}),
  });
  const { gridSeconds } = forecaster;
  // A horizon in fractions of a second divides with a rounding error.
  const horizonSteps = Math.floor(horizonSeconds / gridSeconds + 1e-9);
  if (horizonSteps < 1) {
    values.fault('--horizon', `${flags.horizon} is shorter than one step, ${formatDuration(gridSeconds)}`);
    values.check();
  }
  if (Math.abs(horizonSteps * gridSeconds - horizonSeconds) > 1e-6) {
    const used = formatDuration(horizonSteps * gridSeconds);
    io.stderr(
      `--horizon ${flags.horizon} is no multiple of the step, ${formatDuration(gridSeconds)}: ${used} is used\n`,
    );
  }

  await replay(forecaster, history, io.signal === undefined ? {} : { signal: io.signal });
  if (atSeconds !== undefined) passTime(forecaster, atSeconds);
  const result = forecaster.forecast({ horizonSteps, quantiles });
  const forecast = toForecastJson(result, gridSeconds);
  io.stdout(flags.json === true ? `${JSON.stringify(forecast)}\n` : forPeople(forecast, quantiles));
}

/** Lets the forecaster know that time went by without rows, in whole steps of the rows so that their phase is kept. */
function passTime(forecaster: ReturnType<typeof createForecaster>, atSeconds: number): void {
  const { newestSeconds, stepSeconds } = forecaster;
  const steps = Math.floor((atSeconds - newestSeconds) / stepSeconds);
  if (Number.isFinite(steps) && steps > 0)
    forecaster.observe(newestSeconds + steps * stepSeconds, Number.NaN);
}

function forPeople(forecast: ForecastJson, quantiles: readonly number[]): string {
  const { origin, points, seasons, stepSeconds } = forecast;
  if (forecast.status === 'learning') {
    return `no forecast yet:\n${forecast.reasons.map(({ message }) => `  - ${message}\n`).join('')}`;
  }
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
