import type { Command } from 'commander';
import { type ForecastJson, toForecastJson } from '../../api/answers/forecast-json.ts';
import { createForecaster, modelOptionsFor } from '../../forecast/core/index.ts';
import { replay } from '../../forecast/replay.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import { sparkline } from '../../platform/terminal/sparkline.ts';
import { formatNumber, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import { createFlagValues } from '../flag-values.ts';
import {
  addHistoryOptions,
  type HistoryFlags,
  historyInputHelp,
  loadHistory,
  readHistoryInput,
} from '../history-input.ts';
import { readHorizonSteps } from '../horizon-steps.ts';
import { addModelOptions, explainSeasons, type ModelFlags, readModelWishes } from '../model-flags.ts';
import { passTime } from '../time-passed.ts';

interface ForecastFlags extends HistoryFlags, ModelFlags {
  readonly horizon: string;
  readonly at?: string;
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

/** `forescale forecast`: what demand will be, from a CSV file or a source. */
export function addForecastCommand(command: Command, io: CommandIo): void {
  addModelOptions(addHistoryOptions(command))
    .option('--horizon <duration>', 'how far ahead', '24h')
    .option('--at <time>', 'forecast as of then, using nothing newer (default: the newest row)')
    .option('--json', 'print the forecast as JSON')
    .addHelpText('after', examples)
    .action((flags: ForecastFlags) => run(flags, io));
}

async function run(flags: ForecastFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('forecast');
  const input = readHistoryInput(flags, values);
  const wishes = readModelWishes(flags, values);
  const horizonSeconds = values.seconds('--horizon', flags.horizon);
  const atSeconds = flags.at === undefined ? undefined : values.moment('--at', flags.at);
  values.check();

  // The newest row of a CSV is its present, whenever that is.
  const presentSeconds = input.kind === 'csv' ? Number.POSITIVE_INFINITY : systemClock();
  const history = await loadHistory(input, io, atSeconds ?? presentSeconds);
  const forecaster = explainSeasons(() =>
    createForecaster({ stepSeconds: history.stepSeconds, ...modelOptionsFor(wishes, horizonSeconds) }),
  );
  const horizonSteps = readHorizonSteps(flags.horizon, horizonSeconds, forecaster.gridSeconds, values, io);

  await replay(forecaster, history, io.signal === undefined ? {} : { signal: io.signal });
  if (atSeconds !== undefined) passTime(forecaster, atSeconds);
  const result = forecaster.forecast({ horizonSteps, quantiles: wishes.quantiles });
  const forecast = toForecastJson(result, forecaster.gridSeconds);
  io.stdout(flags.json === true ? `${JSON.stringify(forecast)}\n` : forPeople(forecast, wishes.quantiles));
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
