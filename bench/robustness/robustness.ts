import { createForecaster } from '../../src/forecast/core/index.ts';
import { createRandom } from '../../src/load-shapes/index.ts';
import { createRowFeeder } from '../replay/row-feeder.ts';
import { onGrid, type Trace } from '../replay/trace.ts';
import { createTurns, type Turn } from '../turns.ts';
import { type Damage, type DamagedRows, damages } from './damage.ts';

/** The effect of one kind of damage on one series: means over the places at which it was done. */
export interface DamageOutcome {
  readonly series: string;
  readonly damage: keyof typeof damages;
  /** Change of WAPE at 30 min over the 24 h after the damage, against the undamaged values; 0.01 is a point. */
  readonly wapeChange: number;
  /** Coverage of the 0.95 bound at 30 min from 24 h to 48 h after the start of the damage. */
  readonly coverage: number;
  /** Coverage in the same time without the damage. */
  readonly cleanCoverage: number;
  /** Relative change of the sum of medians, and of 0.95 bounds, over the 48 h from the start of the damage. */
  readonly medianChange: number;
  readonly boundChange: number;
}

const aheadSeconds = 1800;
const daySeconds = 86_400;
/** Days after which weekly habits are learned and the outage rule, which waits for a week, is in force. */
const fewestDays = 10;
const leastDailyCorrelation = 0.9;
/** Places of the damage, as shares of the series; two days must follow. */
const places = [0.6, 0.74, 0.67, 0.79];

/**
 * Whether a trace is clean and daily: no grid value is missing, 30 min is a multiple of its step, and hourly means a day apart
 * have a correlation of 0.9 at least.
 */
export function isCleanAndSeasonal({ grid, history, days }: Trace): boolean {
  const { values, stepSeconds } = grid;
  if (days < fewestDays || aheadSeconds % stepSeconds !== 0 || values.some(Number.isNaN)) return false;
  const hourly = onGrid(history, 3600).values;
  return correlation(hourly.subarray(24), hourly.subarray(0, hourly.length - 24)) >= leastDailyCorrelation;
}

/** Damages a series in every way at `placeCount` places of its later part, and compares with the run without damage. */
export async function measureRobustness(
  trace: Trace,
  placeCount: number,
  signal?: AbortSignal,
): Promise<DamageOutcome[]> {
  const names = Object.keys(damages) as (keyof typeof damages)[];
  const turn = createTurns(signal);
  const outcomes = new Map(names.map((name) => [name, [] as DamageOutcome[]]));
  for (const place of places.slice(0, placeCount)) {
    const atSeconds = startOf(trace, place);
    const clean = await walk(trace, trace.history, atSeconds, turn);
    for (const [index, name] of names.entries()) {
      const damage: Damage = damages[name];
      const rows = damage.apply(trace.history, atSeconds, createRandom(index + 1));
      const damaged = await walk(trace, rows, atSeconds, turn);
      outcomes.get(name)!.push(outcomeOf(trace, name, atSeconds, { clean, damaged }));
    }
  }
  return names.map((name) => meanOutcome(trace.name, name, outcomes.get(name)!));
}

function startOf({ grid }: Trace, place: number): number {
  const index = Math.round(place * grid.values.length);
  const twoDaysLeft = grid.values.length - 1 - (2 * daySeconds + aheadSeconds) / grid.stepSeconds;
  return grid.firstSeconds + Math.floor(Math.min(index, twoDaysLeft)) * grid.stepSeconds;
}

/** Median and 0.95 bound at 30 min, forecast at every grid step of the two days from the start of the damage on. */
interface Walk {
  readonly median: Float64Array;
  readonly bound: Float64Array;
}

async function walk(
  { grid, history }: Trace,
  rows: DamagedRows,
  atSeconds: number,
  turn: Turn,
): Promise<Walk> {
  const forecaster = createForecaster({ stepSeconds: history.stepSeconds });
  const feeder = createRowFeeder(rows, forecaster, rows.isCensored);
  const horizonSteps = aheadSeconds / grid.stepSeconds;
  const count = (2 * daySeconds) / grid.stepSeconds;
  const median = new Float64Array(count).fill(Number.NaN);
  const bound = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    await feeder.feedInTurns(atSeconds + (i + 1) * grid.stepSeconds, turn);
    await turn();
    const forecast = forecaster.forecast({ horizonSteps, quantiles: [0.5, 0.95] });
    if (forecast.status !== 'ok') continue;
    median[i] = forecast.median[horizonSteps - 1]!;
    bound[i] = forecast.quantiles['0.95']![horizonSteps - 1]!;
  }
  return { median, bound };
}

function outcomeOf(
  { name: series, grid }: Trace,
  name: keyof typeof damages,
  atSeconds: number,
  { clean, damaged }: { readonly clean: Walk; readonly damaged: Walk },
): DamageOutcome {
  const damage: Damage = damages[name];
  const start = Math.round((atSeconds - grid.firstSeconds) / grid.stepSeconds);
  const ahead = aheadSeconds / grid.stepSeconds;
  const day = daySeconds / grid.stepSeconds;
  const truth = grid.values.subarray(start + 1 + ahead, start + 1 + ahead + 2 * day);
  const shifted = truth.map((value) => value * damage.truthFactor);
  const after = Math.round(damage.lastsSeconds / grid.stepSeconds);
  return {
    series,
    damage: name,
    wapeChange:
      wape(shifted, damaged.median, after, after + day) - wape(truth, clean.median, after, after + day),
    coverage: coverage(shifted, damaged.bound, day, 2 * day),
    cleanCoverage: coverage(truth, clean.bound, day, 2 * day),
    medianChange: sum(damaged.median) / (damage.truthFactor * sum(clean.median)) - 1,
    boundChange: sum(damaged.bound) / (damage.truthFactor * sum(clean.bound)) - 1,
  };
}

function wape(truth: Float64Array, forecast: Float64Array, from: number, to: number): number {
  let error = 0;
  let total = 0;
  for (let i = from; i < Math.min(to, truth.length); i++) {
    const miss = Math.abs(truth[i]! - forecast[i]!);
    if (Number.isNaN(miss)) continue;
    error += miss;
    total += truth[i]!;
  }
  return error / total;
}

function coverage(truth: Float64Array, bound: Float64Array, from: number, to: number): number {
  let count = 0;
  let covered = 0;
  for (let i = from; i < Math.min(to, truth.length); i++) {
    if (Number.isNaN(bound[i])) continue;
    count++;
    if (truth[i]! <= bound[i]!) covered++;
  }
  return covered / count;
}

function meanOutcome(
  series: string,
  damage: keyof typeof damages,
  outcomes: readonly DamageOutcome[],
): DamageOutcome {
  const meanOf = (of: (outcome: DamageOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0) / outcomes.length;
  return {
    series,
    damage,
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
  const meanOf = (values: Float64Array) => pairs.reduce((total, i) => total + values[i]!, 0) / pairs.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const i of pairs) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
