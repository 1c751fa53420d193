import {
  forecastSeries,
  forecastSeriesTogether,
  type SeriesForecast,
} from '../../src/forecast/core/index.ts';
import { within } from '../../src/platform/deadline.ts';
import { calendarOf } from '../../src/what-if/models/index.ts';
import { opponentNamed } from '../opponents/table.ts';
import { withoutGaps } from '../opponents/window.ts';
import type { WindowLane } from '../opponents/window-lane.ts';
import { onGrid, type Trace } from '../replay/trace.ts';
import { mean } from '../report/summary.ts';
import { createTurns, type Turn } from '../turns.ts';
import { naive2, scoreHourly, weightedQuantileLoss } from './hourly-score.ts';
import {
  cutWindows,
  deciles,
  forecastOptions,
  horizonSteps,
  hourSeconds,
  likeM4,
  seasonSteps,
} from './windows.ts';

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
  /** Weighted quantile loss of our deciles: mean over traces of the means over their windows. */
  readonly wql: number;
  /** Weighted quantile loss of our deciles where the windows of many traces are given together. */
  readonly wqlTogether: number;
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
  readonly wql: number;
  readonly wqlTogether: number;
  readonly covered: number;
  readonly counted: number;
  readonly milliseconds: number;
}

interface Measures {
  readonly smape: number;
  readonly mase: number;
}

const ours = 'ours';
const oursTogether = 'ours, many at once';
const seasonalNaiveName = 'daily seasonal naive';
const naive2Name = 'Naive2';

/** Cuts the hourly means of traces into windows and forecasts the last two days of each by every method. */
export async function measureHourly(
  traces: readonly Trace[],
  names: readonly string[],
  lane: WindowLane,
  signal?: AbortSignal,
): Promise<HourlyResult | undefined> {
  const turn = createTurns(signal);
  const cut = traces
    .map(({ name, history }) => ({ name, windows: cutWindows(onGrid(history, hourSeconds).values, likeM4) }))
    .filter(({ windows }) => windows.length > 0)
    .map(({ name, windows }) => ({ name, ...pastsAndTruths(windows) }));
  const together = await forecastsTogether(
    cut.map(({ pasts }) => pasts),
    turn,
  );
  const all: TraceScore[] = [];
  for (const [t, trace] of cut.entries())
    all.push(await scoreWindows({ ...trace, together: together[t]! }, names, { lane, signal, turn }));
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
    methods: [ours, oursTogether, seasonalNaiveName, naive2Name, ...names].map((method) => ({
      method: opponentNamed(method)?.title ?? method,
      smape: total(method, 'smape'),
      mase: total(method, 'mase'),
      owa:
        (total(method, 'smape') / total(naive2Name, 'smape') +
          total(method, 'mase') / total(naive2Name, 'mase')) /
        2,
    })),
    coverage: sum(({ covered }) => covered) / sum(({ counted }) => counted),
    wql: mean(all.map(({ wql }) => wql)),
    wqlTogether: mean(all.map(({ wqlTogether }) => wqlTogether)),
    maseRatio: total(ours, 'mase') / total(seasonalNaiveName, 'mase'),
    millisecondsPerWindow: sum(({ milliseconds }) => milliseconds) / windows,
  };
}

/** The windows of one trace, and what is forecast of each beside those of other traces. */
interface TraceWindows {
  readonly name: string;
  readonly pasts: readonly Float64Array[];
  readonly truths: readonly Float64Array[];
  readonly together: readonly SeriesForecast[];
}

function pastsAndTruths(windows: readonly Float64Array[]) {
  return {
    pasts: windows.map((window) => withoutGaps(window.subarray(0, window.length - horizonSteps))),
    truths: windows.map((window) => window.subarray(window.length - horizonSteps)),
  };
}

/**
 * Forecasts of windows by trace, each made beside the windows of the other traces with the same number: two windows of one trace
 * overlap, so that one would know what came after the other.
 */
async function forecastsTogether(
  pasts: readonly (readonly Float64Array[])[],
  turn: Turn,
): Promise<SeriesForecast[][]> {
  const forecasts = pasts.map((): SeriesForecast[] => []);
  for (let w = 0; pasts.some((own) => own.length > w); w++) {
    await turn();
    const present = [...pasts.keys()].filter((t) => pasts[t]!.length > w);
    const answers = forecastSeriesTogether(
      present.map((t) => pasts[t]![w]!),
      forecastOptions,
    );
    answers.forEach((answer, i) => {
      forecasts[present[i]!]!.push(answer);
    });
  }
  return forecasts;
}

interface HourlyLanes {
  readonly lane: WindowLane;
  readonly signal: AbortSignal | undefined;
  readonly turn: Turn;
}

async function scoreWindows(
  { name, pasts, truths, together }: TraceWindows,
  names: readonly string[],
  { lane, signal, turn }: HourlyLanes,
): Promise<TraceScore> {
  const forecasts: SeriesForecast[] = [];
  let milliseconds = 0;
  for (const past of pasts) {
    await turn();
    const before = performance.now();
    forecasts.push(forecastSeries(past, forecastOptions));
    milliseconds += performance.now() - before;
  }
  const paths = new Map<string, readonly (ArrayLike<number> | undefined)[]>([
    [ours, forecasts.map(({ median }) => median)],
    [oursTogether, together.map(({ median }) => median)],
    [seasonalNaiveName, pasts.map(seasonalNaive)],
    [naive2Name, pasts.map((past) => naive2(past, seasonSteps, horizonSteps))],
  ]);
  const tasks = pasts.map((values) => ({ values, firstSeconds: 0, horizonSteps }));
  for (const opponent of names) {
    // The thread takes no signal; whoever ends the run ends it.
    const answers = await within(
      Number.POSITIVE_INFINITY,
      lane.ask({ opponent, tasks, calendar: calendarOf(hourSeconds) }),
      { signal },
    );
    const answered = answers.map(({ path }) => path);
    paths.set(opponent, answered);
  }
  const scores = [...paths].map(([method, said]) => [method, meanScore(pasts, truths, said)] as const);
  return {
    name,
    windows: pasts.length,
    scores: new Map(scores),
    wql: wqlOf(truths, forecasts),
    wqlTogether: wqlOf(truths, together),
    ...covering(truths, forecasts),
    milliseconds,
  };
}

function wqlOf(truths: readonly Float64Array[], forecasts: readonly SeriesForecast[]): number {
  return mean(truths.map((truth, w) => weightedQuantileLoss(truth, forecasts[w]!.quantiles, deciles)));
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
