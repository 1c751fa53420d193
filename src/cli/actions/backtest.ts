import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type BacktestLine,
  type BacktestOptions,
  type HorizonScore,
  modelOptionsFor,
  backtest as replayOrigins,
  scoreBacktest,
  splitHorizons,
} from '../../forecast/index.ts';
import type { History } from '../../history/source.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError, invalidField } from '../../platform/errors.ts';
import { formatMoment } from '../../platform/moment.ts';
import { formatNumber, formatPercentage, textTable } from '../../platform/terminal/text-table.ts';
import type { CommandIo } from '../command-io.ts';
import type { BacktestFlags, From } from '../commands/backtest.ts';
import { besideWithout } from './backtest-events.ts';
import { openForecaster } from './open-forecaster.ts';

/** `forescale backtest`: how good forecasts would have been that were made with what was known then. */
export async function backtest(flags: BacktestFlags, io: CommandIo): Promise<void> {
  const { values } = flags;
  const { history, forecaster, given } = await openForecaster(flags, io, {
    horizonSeconds: Math.max(...values.horizonsSeconds),
  });
  const { gridSeconds } = forecaster;
  const fromSeconds = firstOrigin(values.from, history);
  const horizonsSeconds = usableHorizons(values.horizonsSeconds, gridSeconds, io);
  const horizonSeconds = Math.max(0, ...horizonsSeconds);
  const options: BacktestOptions = {
    fromSeconds,
    everySeconds: values.everySeconds,
    horizonsSeconds,
    windowsSeconds: usableWindows(flags, history.stepSeconds, io),
    quantiles: values.quantiles,
    model: { ...modelOptionsFor(values, horizonSeconds), events: given?.events },
  };
  if (values.json) {
    const ahead = ({ origin }: BacktestLine) =>
      given === undefined ? {} : { events: given.within(origin, origin + horizonSeconds) };
    const print = (line: BacktestLine) => io.stdout(`${JSON.stringify({ ...line, ...ahead(line) })}\n`);
    return play(replayOrigins(history, options), print, io);
  }
  const lines = await linesOf(history, options, io);
  const scoresOf = (scored: readonly BacktestLine[]) =>
    scoreBacktest(history, scored, horizonsSeconds, gridSeconds);
  io.stdout(forPeople(lines, scoresOf(lines)));
  if (given === undefined) return;
  const withoutEvents = { ...options, model: { ...options.model, events: undefined } };
  io.stdout(
    besideWithout({
      lines,
      without: await linesOf(history, withoutEvents, io),
      scoresOf,
      events: given.events,
    }),
  );
}

async function linesOf(history: History, options: BacktestOptions, io: CommandIo): Promise<BacktestLine[]> {
  const lines: BacktestLine[] = [];
  await play(replayOrigins(history, options), (line) => void lines.push(line), io);
  return lines;
}

/** Replays the history and passes the line of every origin on. */
async function play(
  lines: Iterable<BacktestLine>,
  onLine: (line: BacktestLine) => void,
  io: CommandIo,
): Promise<void> {
  for (const line of lines) {
    onLine(line);
    if (io.isTty) io.stderr(`\rreplayed until ${formatMoment(line.origin)}`);
    // A turn of the event loop, in which a Ctrl-C is noticed.
    await nextTurn();
    io.signal?.throwIfAborted();
  }
  if (io.isTty) io.stderr('\n');
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
  throw invalidField('--from', message);
}

function usableHorizons(horizonsSeconds: readonly number[], gridSeconds: number, io: CommandIo): number[] {
  const { usable, leftOut } = splitHorizons(horizonsSeconds, gridSeconds);
  sayLeftOut('--horizons', leftOut, `no multiple of the step, ${formatDuration(gridSeconds)}`, io);
  return usable;
}

/** The windows that are at least as long as the distance of the rows. A shorter window contains no row: stderr says so of one that was given. */
function usableWindows(flags: BacktestFlags, stepSeconds: number, io: CommandIo): number[] {
  const { windowsSeconds } = flags.values;
  const leftOut = flags.isGiven('windowsSeconds')
    ? windowsSeconds.filter((seconds) => seconds < stepSeconds)
    : [];
  sayLeftOut(
    '--windows',
    leftOut,
    `shorter than the distance of the rows, ${formatDuration(stepSeconds)}`,
    io,
  );
  return windowsSeconds.filter((seconds) => seconds >= stepSeconds);
}

function sayLeftOut(flag: string, leftOut: readonly number[], why: string, io: CommandIo): void {
  if (leftOut.length > 0) io.stderr(`${flag} ${leftOut.map(formatDuration).join(', ')}: ${why}; left out\n`);
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
        ...[score.wape, score.persistenceWape, score.dailyNaiveWape, score.weeklyNaiveWape].map(
          formatPercentage,
        ),
        formatNumber(score.mase),
        formatPercentage(score.wql),
      ]),
    ]),
    '\nquantiles: share of values at or below (coverage), and pinball loss ÷ demand\n',
    textTable([
      ['horizon', ...levels.flatMap((level) => [`${level} covers`, 'loss'])],
      ...scored.map((score) => [
        formatDuration(score.horizonSeconds),
        ...levels.flatMap((level) => [
          formatPercentage(score.coverage[level] ?? Number.NaN),
          formatPercentage(score.pinball[level] ?? Number.NaN),
        ]),
      ]),
    ]),
  ].join('');
}
