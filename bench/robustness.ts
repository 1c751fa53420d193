import { setImmediate as nextTurn } from 'node:timers/promises';
import { createForecaster } from '../src/forecast/core/index.ts';
import { createRandom } from '../src/load-shapes/index.ts';
import { type Fault, type FaultyRows, faults } from './damage.ts';
import { createRowFeeder } from './row-feeder.ts';
import { onGrid, type Trace } from './trace.ts';

/** What a fault does to one series; the mean over the places it was put at. */
export interface FaultOutcome {
  readonly series: string;
  readonly fault: keyof typeof faults;
  /** Change of WAPE at 30 min over the 24 h after, against the clean truth; 0.01 is a point. */
  readonly wapeChange: number;
  /** Coverage of the 0.95 at 30 min from 24 h to 48 h after the start. */
  readonly coverage: number;
  /** Coverage there without the fault. */
  readonly cleanCoverage: number;
  /** Sum of medians, and of 0.95 bounds, over the 48 h from the start ÷ those of the run without the fault, less 1. */
  readonly medianChange: number;
  readonly boundChange: number;
}

const aheadSeconds = 1800;
const daySeconds = 86_400;
/** Weekly habits are learned, and the outage rule has the week it asks for. */
const fewestDays = 10;
const leastDailyCorrelation = 0.9;
/** A fault needs two days after it. */
const places = [0.6, 0.74, 0.67, 0.79];

/** Clean and daily: no grid value missing, steps that 30 min is a multiple of, values a day apart correlated by 0.9 by the hour. */
export function isCleanAndSeasonal({ grid, history, days }: Trace): boolean {
  const { values, stepSeconds } = grid;
  if (days < fewestDays || aheadSeconds % stepSeconds !== 0 || values.some(Number.isNaN)) return false;
  const hourly = onGrid(history, 3600).values;
  return correlation(hourly.subarray(24), hourly.subarray(0, hourly.length - 24)) >= leastDailyCorrelation;
}

/** Puts every fault into a series at `placeCount` places of its later part, and compares with the run without it. */
export async function measureRobustness(
  trace: Trace,
  placeCount: number,
  signal?: AbortSignal,
): Promise<FaultOutcome[]> {
  const names = Object.keys(faults) as (keyof typeof faults)[];
  const outcomes = new Map(names.map((name) => [name, [] as FaultOutcome[]]));
  for (const place of places.slice(0, placeCount)) {
    const atSeconds = startOf(trace, place);
    const clean = walk(trace, trace.history, atSeconds);
    for (const [index, name] of names.entries()) {
      const fault: Fault = faults[name];
      const rows = fault.apply(trace.history, atSeconds, createRandom(index + 1));
      const faulty = walk(trace, rows, atSeconds);
      outcomes.get(name)?.push(outcomeOf(trace, name, atSeconds, clean, faulty));
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  return names.map((name) => meanOutcome(trace.name, name, outcomes.get(name) ?? []));
}

function startOf({ grid }: Trace, place: number): number {
  const index = Math.round(place * grid.values.length);
  const twoDaysLeft = grid.values.length - 1 - (2 * daySeconds + aheadSeconds) / grid.stepSeconds;
  return grid.firstSeconds + Math.floor(Math.min(index, twoDaysLeft)) * grid.stepSeconds;
}

/** Median and 0.95 at 30 min, made at every grid step of the two days from the start on. */
interface Walk {
  readonly median: Float64Array;
  readonly bound: Float64Array;
}

function walk({ grid, history }: Trace, rows: FaultyRows, atSeconds: number): Walk {
  const forecaster = createForecaster({ stepSeconds: history.stepSeconds });
  const feeder = createRowFeeder(rows, forecaster, rows.isCensored);
  const horizonSteps = aheadSeconds / grid.stepSeconds;
  const count = (2 * daySeconds) / grid.stepSeconds;
  const median = new Float64Array(count).fill(Number.NaN);
  const bound = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    feeder.feedUntil(atSeconds + (i + 1) * grid.stepSeconds);
    const forecast = forecaster.forecast({ horizonSteps, quantiles: [0.5, 0.95] });
    if (forecast.status !== 'ok') continue;
    median[i] = forecast.median[horizonSteps - 1] ?? Number.NaN;
    bound[i] = forecast.quantiles['0.95']?.[horizonSteps - 1] ?? Number.NaN;
  }
  return { median, bound };
}

function outcomeOf(
  { name: series, grid }: Trace,
  name: keyof typeof faults,
  atSeconds: number,
  clean: Walk,
  faulty: Walk,
): FaultOutcome {
  const fault: Fault = faults[name];
  const start = Math.round((atSeconds - grid.firstSeconds) / grid.stepSeconds);
  const ahead = aheadSeconds / grid.stepSeconds;
  const day = daySeconds / grid.stepSeconds;
  const truth = grid.values.subarray(start + 1 + ahead, start + 1 + ahead + 2 * day);
  const shifted = truth.map((value) => value * fault.truthFactor);
  const after = Math.round(fault.lastsSeconds / grid.stepSeconds);
  return {
    series,
    fault: name,
    wapeChange:
      wape(shifted, faulty.median, after, after + day) - wape(truth, clean.median, after, after + day),
    coverage: coverage(shifted, faulty.bound, day, 2 * day),
    cleanCoverage: coverage(truth, clean.bound, day, 2 * day),
    medianChange: sum(faulty.median) / (fault.truthFactor * sum(clean.median)) - 1,
    boundChange: sum(faulty.bound) / (fault.truthFactor * sum(clean.bound)) - 1,
  };
}

function wape(truth: Float64Array, forecast: Float64Array, from: number, to: number): number {
  let error = 0;
  let total = 0;
  for (let i = from; i < Math.min(to, truth.length); i++) {
    const miss = Math.abs((truth[i] ?? Number.NaN) - (forecast[i] ?? Number.NaN));
    if (Number.isNaN(miss)) continue;
    error += miss;
    total += truth[i] ?? 0;
  }
  return error / total;
}

function coverage(truth: Float64Array, bound: Float64Array, from: number, to: number): number {
  let count = 0;
  let covered = 0;
  for (let i = from; i < Math.min(to, truth.length); i++) {
    if (Number.isNaN(bound[i] ?? Number.NaN)) continue;
    count++;
    if ((truth[i] ?? 0) <= (bound[i] ?? 0)) covered++;
  }
  return covered / count;
}

function meanOutcome(
  series: string,
  fault: keyof typeof faults,
  outcomes: readonly FaultOutcome[],
): FaultOutcome {
  const meanOf = (of: (outcome: FaultOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0) / outcomes.length;
  return {
    series,
    fault,
    wapeChange: meanOf((outcome) => outcome.wapeChange),
    coverage: meanOf((outcome) => outcome.coverage),
    cleanCoverage: meanOf((outcome) => outcome.cleanCoverage),
    medianChange: meanOf((outcome) => outcome.medianChange),
    boundChange: meanOf((outcome) => outcome.boundChange),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const pairs = [...a.keys()].filter((i) => Number.isFinite(a[i]) && Number.isFinite(b[i]));
  const meanOf = (values: Float64Array) =>
    pairs.reduce((total, i) => total + (values[i] ?? 0), 0) / pairs.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const i of pairs) {
    const [x, y] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
