import { forecastSeries, type SeriesForecast } from '../../src/forecast/core/index.ts';
import { calendarOf } from '../../src/what-if/models/index.ts';
import { opponentNamed } from '../opponents/table.ts';
import { withoutGaps } from '../opponents/window.ts';
import type { WindowLane } from '../opponents/window-lane.ts';
import { onGrid, type Trace } from '../replay/trace.ts';
import { mean } from '../report/summary.ts';
import { naive2, scoreHourly } from './hourly-score.ts';

/** Hours to forecast, as in M4 Hourly, whose series have up to 960 hours of history. */
const horizonSteps = 48;
const longestPast = 960;
const fewestPoints = 700;
const seasonSteps = 24;
const hourSeconds = 3600;
/** Distance of the windows of one trace, so that all hours of the day and days of the week occur. */
const windowDistance = 331;
const windowsAtMost = 12;
/**
 * The series of M4 have no gaps. Windows with at least this share of values are used; gaps are filled alike for every method.
 */
const presentShare = 0.95;

interface MethodScore {
  readonly method: string;
  readonly smape: number;
  readonly mase: number;
  /** Overall weighted average of M4: mean of sMAPE and MASE, each relative to Naive2. */
  readonly owa: number;
}

export interface HourlyResult {
  readonly traces: readonly { readonly name: string; readonly windows: number; readonly maseRatio: number }[];
  readonly windows: number;
  /** Scores of each method: means over traces of the means over their windows. */
  readonly methods: readonly MethodScore[];
  /** Share of values within the central 95 % interval of our forecast. */
  readonly coverage: number;
  /** Mean MASE of our forecast ÷ mean MASE of the daily seasonal naive. */
  readonly maseRatio: number;
  readonly millisecondsPerWindow: number;
}

/** Scores of one trace. */
interface TraceScore {
  readonly name: string;
  readonly windows: number;
  /** Means over the windows, by method. */
  readonly scores: ReadonlyMap<string, Measures>;
  readonly covered: number;
  readonly counted: number;
  readonly milliseconds: number;
}

interface Measures {
  readonly smape: number;
  readonly mase: number;
}

const ours = 'ours';
const seasonalNaiveName = 'daily seasonal naive';
const naive2Name = 'Naive2';

/** Cuts the hourly means of traces into windows and forecasts the last two days of each by every method. */
export async function measureHourly(
  traces: readonly Trace[],
  names: readonly string[],
  lane: WindowLane,
): Promise<HourlyResult | undefined> {
  const all: TraceScore[] = [];
  for (const trace of traces) {
    const cuts = windowsOf(onGrid(trace.history, hourSeconds).values);
    if (cuts.length > 0) all.push(await scoreWindows(trace.name, cuts, names, lane));
  }
  if (all.length === 0) return undefined;
  const total = (method: string, measure: keyof Measures) =>
    mean(all.map(({ scores }) => scores.get(method)![measure]));
  const sum = (of: (score: TraceScore) => number) => all.reduce((so, score) => so + of(score), 0);
  const windows = sum((score) => score.windows);
  return {
    traces: all.map(({ name, windows: count, scores }) => ({
      name,
      windows: count,
      maseRatio: scores.get(ours)!.mase / scores.get(seasonalNaiveName)!.mase,
    })),
    windows,
    methods: [ours, seasonalNaiveName, naive2Name, ...names].map((method) => ({
      method: opponentNamed(method)?.title ?? method,
      smape: total(method, 'smape'),
      mase: total(method, 'mase'),
      owa:
        (total(method, 'smape') / total(naive2Name, 'smape') +
          total(method, 'mase') / total(naive2Name, 'mase')) /
        2,
    })),
    coverage: sum(({ covered }) => covered) / sum(({ counted }) => counted),
    maseRatio: total(ours, 'mase') / total(seasonalNaiveName, 'mase'),
    millisecondsPerWindow: sum(({ milliseconds }) => milliseconds) / windows,
  };
}

async function scoreWindows(
  name: string,
  cuts: readonly Float64Array[],
  names: readonly string[],
  lane: WindowLane,
): Promise<TraceScore> {
  const truths = cuts.map((cut) => cut.subarray(cut.length - horizonSteps));
  const pasts = cuts.map((cut) => withoutGaps(cut.subarray(0, cut.length - horizonSteps)));
  const before = performance.now();
  const forecasts = pasts.map((past) =>
    forecastSeries(past, { stepSeconds: hourSeconds, horizonSteps, quantiles: [0.025, 0.5, 0.975] }),
  );
  const milliseconds = performance.now() - before;
  const paths = new Map<string, readonly (ArrayLike<number> | undefined)[]>([
    [ours, forecasts.map(({ median }) => median)],
    [seasonalNaiveName, pasts.map(seasonalNaive)],
    [naive2Name, pasts.map((past) => naive2(past, seasonSteps, horizonSteps))],
  ]);
  const tasks = pasts.map((values) => ({ values, firstSeconds: 0, horizonSteps }));
  for (const opponent of names) {
    const answers = await lane.ask({ opponent, tasks, calendar: calendarOf(hourSeconds) });
    const answered = answers.map(({ path }) => path);
    paths.set(opponent, answered);
  }
  const scores = [...paths].map(([method, said]) => [method, meanScore(pasts, truths, said)] as const);
  return {
    name,
    windows: cuts.length,
    scores: new Map(scores),
    ...covering(truths, forecasts),
    milliseconds,
  };
}

/** Counts the values that are present, and those of them within the central 95 % interval. */
function covering(truths: readonly Float64Array[], forecasts: readonly SeriesForecast[]) {
  let covered = 0;
  let counted = 0;
  for (const [w, truth] of truths.entries()) {
    const { '0.025': low, '0.975': high } = forecasts[w]!.quantiles;
    for (const [h, value] of truth.entries()) {
      if (Number.isNaN(value)) continue;
      counted++;
      if (value >= low![h]! && value <= high![h]!) covered++;
    }
  }
  return { covered, counted };
}

/** Windows of the hourly means, newest first; a trace whose nights are missing has none. */
function windowsOf(values: Float64Array): Float64Array[] {
  const windows: Float64Array[] = [];
  for (let end = values.length; windows.length < windowsAtMost; end -= windowDistance) {
    const start = Math.max(0, end - longestPast - horizonSteps);
    if (end - start < fewestPoints) break;
    const window = values.slice(start, end);
    const present = window.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    if (present >= presentShare * window.length) windows.push(window);
  }
  return windows;
}

function seasonalNaive(past: Float64Array): Float64Array {
  return Float64Array.from(
    { length: horizonSteps },
    (_, h) => past[past.length - seasonSteps + (h % seasonSteps)]!,
  );
}

/** Mean scores over the windows for which the method has an answer and the past is not the same every day. */
function meanScore(
  pasts: readonly Float64Array[],
  truths: readonly Float64Array[],
  paths: readonly (ArrayLike<number> | undefined)[],
): Measures {
  const scores = truths.flatMap((truth, w) => {
    const path = paths[w];
    if (path === undefined) return [];
    const score = scoreHourly(pasts[w]!, truth, path, seasonSteps);
    return Number.isFinite(score.mase) && Number.isFinite(score.smape) ? [score] : [];
  });
  return { smape: mean(scores.map(({ smape }) => smape)), mase: mean(scores.map(({ mase }) => mase)) };
}
