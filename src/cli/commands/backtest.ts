import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command } from 'commander';
import { type BacktestLine, backtest, splitHorizons } from '../../forecast/backtest.ts';
import { type HorizonScore, scoreBacktest } from '../../forecast/backtest-score.ts';
import { createForecaster, modelOptionsFor } from '../../forecast/core/index.ts';
import type { History } from '../../history/source.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { formatMoment } from '../../platform/moment.ts';
import { formatNumber, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import { createFlagValues, type FlagValues } from '../flag-values.ts';
import {
  addHistoryOptions,
  type HistoryFlags,
  historyInputHelp,
  loadHistory,
  readHistoryInput,
} from '../history-input.ts';
import { addModelOptions, explainSeasons, type ModelFlags, readModelWishes } from '../model-flags.ts';

interface BacktestFlags extends HistoryFlags, ModelFlags {
  readonly from: string;
  readonly every: string;
  readonly horizons: string;
  readonly windows: string;
  readonly json?: boolean;
}

/** What `serve` decides over where nothing is said: its default lead time and lags. */
const defaultWindow = '250s';

const examples = `${historyInputHelp}

At every origin the model knows what was known then, and nothing newer. The table puts it beside persistence (the
newest value), and the values of a day and a week before. With --json one line an origin is printed instead.

Examples:
  forescale backtest --csv requests.csv
  forescale backtest --csv requests.csv --from 2026-01-05 --every 6h --horizons 1h,24h --windows 2m,7m,30m --json
  forescale backtest --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))'
`;

/** `forescale backtest`: how good forecasts would have been, told by forecasts made with what was known then. */
export function addBacktestCommand(command: Command, io: CommandIo): void {
  addModelOptions(addHistoryOptions(command))
    .option('--from <time or %>', 'first origin; 50% is the middle of the time covered', '50%')
    .option('--every <duration>', 'distance of the origins', '1h')
    .option('--horizons <list>', 'how far ahead', '5m,30m,1h,6h,24h')
    .option('--windows <list>', 'windows whose peak is forecast', defaultWindow)
    .option('--json', 'print one JSON line an origin')
    .addHelpText('after', examples)
    .action((flags: BacktestFlags) => run(flags, io));
}

async function run(flags: BacktestFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('backtest');
  const input = readHistoryInput(flags, values);
  const wishes = readModelWishes(flags, values);
  const from = readFrom(flags.from, values);
  const everySeconds = values.seconds('--every', flags.every);
  const horizons = values.list('--horizons', flags.horizons, values.seconds);
  const windows = values.list('--windows', flags.windows, values.seconds);
  values.check();

  const presentSeconds = input.kind === 'csv' ? Number.POSITIVE_INFINITY : systemClock();
  const history = await loadHistory(input, io, presentSeconds);
  const fromSeconds = firstOrigin(from, history);
  const { gridSeconds } = explainSeasons(() =>
    createForecaster({ stepSeconds: history.stepSeconds, ...modelOptionsFor(wishes, Math.max(...horizons)) }),
  );
  const horizonsSeconds = usableHorizons(horizons, gridSeconds, io);
  const windowsSeconds = usableWindows(windows, history.stepSeconds, io);
  const lines = backtest(history, {
    fromSeconds,
    everySeconds,
    horizonsSeconds,
    windowsSeconds,
    quantiles: wishes.quantiles,
    model: modelOptionsFor(wishes, Math.max(0, ...horizonsSeconds)),
  });

  const kept: BacktestLine[] = [];
  for (const line of lines) {
    if (flags.json === true) io.stdout(`${JSON.stringify(line)}\n`);
    else kept.push(line);
    if (io.isTty) io.stderr(`\rreplayed until ${formatMoment(line.origin)}`);
    // A turn of the event loop, so that Ctrl-C is heard.
    await nextTurn();
    io.signal?.throwIfAborted();
  }
  if (io.isTty) io.stderr('\n');
  if (flags.json === true) return;
  io.stdout(forPeople(kept, scoreBacktest(history, kept, horizonsSeconds, gridSeconds)));
}

type From = { readonly share: number } | { readonly atSeconds: number };

function readFrom(text: string, values: FlagValues): From {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent === undefined) return { atSeconds: values.moment('--from', text) };
  return { share: values.number('--from', percent, (value) => value < 100, 'below 100%') / 100 };
}

/** A share is of the time from the first row to the last (design.md "--from"). */
function firstOrigin(from: From, { timestamps }: History): number {
  const [first, last] = [timestamps[0], timestamps.at(-1)];
  if (first === undefined || last === undefined) {
    throw new ForescaleError('no-data', 'the history has no row with a value: there is nothing to replay');
  }
  const seconds = 'share' in from ? first + from.share * (last - first) : from.atSeconds;
  if (seconds <= last) return seconds;
  const message = `--from: ${formatMoment(seconds)} is after the last row, ${formatMoment(last)}: there is nothing to score`;
  throw new ForescaleError('invalid-argument', message, { fieldErrors: [{ field: '--from', message }] });
}

function usableHorizons(horizonsSeconds: readonly number[], gridSeconds: number, io: CommandIo): number[] {
  const { usable, leftOut } = splitHorizons(horizonsSeconds, gridSeconds);
  if (leftOut.length > 0) {
    io.stderr(
      `--horizons ${leftOut.map(formatDuration).join(', ')}: no multiple of the step, ${formatDuration(gridSeconds)}; left out\n`,
    );
  }
  return usable;
}

/** Within a window shorter than the distance of the rows there is no row whose maximum could be told. */
function usableWindows(windowsSeconds: readonly number[], stepSeconds: number, io: CommandIo): number[] {
  const leftOut = windowsSeconds.filter((seconds) => seconds < stepSeconds);
  if (leftOut.length > 0) {
    io.stderr(
      `--windows ${leftOut.map(formatDuration).join(', ')}: shorter than the distance of the rows, ${formatDuration(stepSeconds)}; left out\n`,
    );
  }
  return windowsSeconds.filter((seconds) => seconds >= stepSeconds);
}

function forPeople(lines: readonly BacktestLine[], scores: readonly HorizonScore[]): string {
  const [first, last] = [lines[0], lines.at(-1)];
  const forecast = lines.filter(({ forecasts }) => forecasts.length > 0).length;
  const header =
    first === undefined || last === undefined
      ? 'no origin\n'
      : `${lines.length} origins from ${formatMoment(first.origin)} to ${formatMoment(last.origin)}, ${forecast} with a forecast\n`;
  const scored = scores.filter(({ count }) => count > 0);
  if (scored.length === 0)
    return `${header}nothing to score: the history is too short for the model to learn from\n`;
  const levels = Object.keys(scored[0]?.coverage ?? {});
  return [
    header,
    '\nerror of the median ÷ demand (WAPE), beside what knows nothing but the past\n',
    textTable([
      ['horizon', 'count', 'WAPE', 'persistence', 'day before', 'week before', 'MASE', 'WQL'],
      ...scored.map((score) => [
        formatDuration(score.horizonSeconds),
        String(score.count),
        ...[score.wape, score.persistenceWape, score.dailyNaiveWape, score.weeklyNaiveWape].map(percentage),
        formatNumber(score.mase),
        percentage(score.wql),
      ]),
    ]),
    '\nquantiles: share of values at or below (coverage), and pinball loss ÷ demand\n',
    textTable([
      ['horizon', ...levels.flatMap((level) => [`${level} covers`, 'loss'])],
      ...scored.map((score) => [
        formatDuration(score.horizonSeconds),
        ...levels.flatMap((level) => [
          percentage(score.coverage[level] ?? Number.NaN),
          percentage(score.pinball[level] ?? Number.NaN),
        ]),
      ]),
    ]),
  ].join('');
}

function percentage(ratio: number): string {
  return Number.isFinite(ratio) ? `${(ratio * 100).toFixed(1)}%` : '–';
}
