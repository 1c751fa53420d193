import { join } from 'node:path';
import { markdownTable } from '../../bench/report/markdown.ts';
import { backtest } from '../../src/forecast/backtest/backtest.ts';
import { scoreBacktest } from '../../src/forecast/backtest/score.ts';
import { createForecaster } from '../../src/forecast/core/index.ts';
import { parseCsvHistory, readCsvHistory } from '../../src/history/csv.ts';
import type { History } from '../../src/history/source.ts';
import { formatDuration } from '../../src/platform/duration.ts';
import { judgeDay, scene, simulateDay } from './document-day.ts';
import { trafficCsv } from './made-traffic.ts';
import { traces, tracesFolder } from './repository-traces.ts';

const minute = 60;
const hour = 3600;
const tableHead = ['forecast', 'persistence', 'day before', 'week before'];

/** The tables of generated traffic and of the simulated day in the README, by the marker they stand between. */
export async function madeTables(): Promise<ReadonlyMap<string, string>> {
  const history = parseCsvHistory([...trafficCsv()].join(''));
  const made = backtestRows(history, [5 * minute, 30 * minute, hour, 2 * hour, 6 * hour, 24 * hour]);
  return new Map([
    ['made', errorTable('ahead', made)],
    ['day', await dayTable()],
  ]);
}

/** The README's table of real traffic, by its marker, from the traces of the repository. */
export async function traceTables(): Promise<ReadonlyMap<string, string>> {
  const rows: string[][] = [];
  for (const [file, what] of traces) {
    const history = await readCsvHistory(join(tracesFolder, `${file}.csv`));
    for (const [horizon, ...errors] of backtestRows(history, [hour, 24 * hour])) {
      rows.push([`${what} (\`${file}\`), ${horizon}`, ...errors]);
    }
  }
  return new Map([['traces', errorTable('trace, ahead', rows)]]);
}

/** By horizon: WAPE of the forecast, persistence, day before and week before, as `forescale backtest` prints them. */
function backtestRows(history: History, horizonsSeconds: readonly number[]): string[][] {
  const { gridSeconds } = createForecaster({ stepSeconds: history.stepSeconds });
  const { timestamps } = history;
  const [first = Number.NaN, last = Number.NaN] = [timestamps[0], timestamps.at(-1)];
  const lines = [
    ...backtest(history, {
      // The defaults of the command.
      fromSeconds: first + (last - first) / 2,
      everySeconds: hour,
      horizonsSeconds,
      windowsSeconds: [],
      quantiles: [0.5],
      model: {},
    }),
  ];
  const scores = scoreBacktest(history, lines, horizonsSeconds, gridSeconds);
  if (scores.length === 0 || scores.some(({ count }) => count === 0)) throw new Error('nothing was scored');
  return scores.map(({ horizonSeconds, wape, persistenceWape, dailyNaiveWape, weeklyNaiveWape }) => [
    formatDuration(horizonSeconds),
    ...[wape, persistenceWape, dailyNaiveWape, weeklyNaiveWape].map(percentage),
  ]);
}

function percentage(ratio: number): string {
  return Number.isFinite(ratio) ? `${(ratio * 100).toFixed(1)}%` : '–';
}

async function dayTable(): Promise<string> {
  const day = await simulateDay();
  const { forescale, reactive, cautious } = judgeDay(day);
  const { targetRequestsPerSecond, cautiousTargetRequestsPerSecond } = scene;
  const head = ['HPA follows', 'target a replica', `minutes short, of ${day.length}`, 'replica hours'];
  const rows = [
    { what: 'the signal of Forescale', target: targetRequestsPerSecond, ...forescale },
    { what: 'what is observed', target: targetRequestsPerSecond, ...reactive },
    { what: 'what is observed', target: cautiousTargetRequestsPerSecond, ...cautious },
  ];
  return markdownTable([
    head,
    ...rows.map(({ what, target, shortMinutes, replicaHours }) => [
      what,
      `${target} requests/s`,
      String(shortMinutes),
      replicaHours.toFixed(0),
    ]),
  ]);
}

/** A Markdown table of errors, with the best of each row in bold: it is not always the forecast. */
function errorTable(first: string, rows: readonly (readonly string[])[]): string {
  const marked = rows.map(([name = '', ...errors]) => {
    const best = Math.min(...errors.map(Number.parseFloat).filter(Number.isFinite));
    return [name, ...errors.map((error) => (Number.parseFloat(error) === best ? `**${error}**` : error))];
  });
  return markdownTable([[first, ...tableHead], ...marked]);
}
