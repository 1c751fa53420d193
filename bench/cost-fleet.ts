import { createForecaster, type Forecaster, restoreState, savedState } from '../src/forecast/core/index.ts';
import { createScratch, type Scratch } from '../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../src/load-shapes/index.ts';
import { medianOf, timed, usedBytes } from './measure.ts';
import type { Turn } from './turns.ts';

/** CPU time of one series among many that are asked in turn, as a server asks them: never the same one twice in a row. */
export interface CostInTurn {
  readonly series: number;
  /** Of the question behind a decision: the bound of the peak within a decision window. */
  readonly peakMicroseconds: number;
  /** Of learning a row, which completes a step. */
  readonly stepMicroseconds: number;
  readonly stepAndForecastMicroseconds: number;
}

/** Memory of one more series where there are more than engines to take turns in. */
export interface MemoryOfSeries {
  readonly stepSeconds: number;
  readonly days: number;
  /** Number of all series. */
  readonly series: number;
  readonly kilobytes: number;
}

const daySeconds = 86_400;
/** Series that are there before memory is measured, more than there are engines, and series that are added then. */
const crowdSeries = 100;
const measuredSeries = 400;
/** Measurements of which the median counts. */
const rounds = 31;
const horizonSteps = 288;
/** The window of the usual lead time and lags, and what a decision asks of it. */
const decisionWindow = { windowSeconds: 310, quantiles: [0.5, 0.99] } as const;
/** The newest row is older at each decision, up to the next row. */
const leadsSeconds = Array.from({ length: 30 }, (_, decision) => 60 + 10 * decision);

/** A forecaster and what gives it the next row. */
export interface Learner {
  readonly forecaster: Forecaster;
  readonly step: () => void;
}

/** Rows that are learned before it is asked whether it is time for a turn of the event loop. */
const rowsAtOnce = 100;

/** A forecaster that has learned so many rows of similar days with noise, lower at weekends; costs do not depend on their shape. */
export async function learnerOf(
  rows: number,
  seed: number,
  stepSeconds: number,
  { turn, scratch }: { readonly turn: Turn; readonly scratch?: Scratch },
): Promise<Learner> {
  const learner = newLearner(seed, stepSeconds, scratch);
  await learn(learner, rows, turn);
  return learner;
}

/** Gives a learner so many rows. */
export async function learn({ step }: Learner, rows: number, turn: Turn): Promise<void> {
  for (let i = 0; i < rows; i++) {
    if (i % rowsAtOnce === 0) await turn();
    step();
  }
}

export function newLearner(seed: number, stepSeconds: number, scratch?: Scratch): Learner {
  const forecaster = createForecaster({ stepSeconds }, scratch);
  const random = createRandom(seed);
  let row = 0;
  const step = () => {
    const seconds = ++row * stepSeconds;
    const day = Math.floor(seconds / daySeconds);
    const level = 200 + 150 * Math.sin((2 * Math.PI * seconds) / daySeconds) + (day % 7 > 4 ? -40 : 0);
    forecaster.observe(seconds, level + Math.sqrt(level) * (random() + random() - 1));
  };
  return { forecaster, step };
}

/** Every series has learned 16 days of rows five minutes apart. */
export async function costInTurn(series: number, turn: Turn): Promise<CostInTurn> {
  const scratch = createScratch();
  const fleet: Learner[] = [];
  for (let seed = 0; seed < series; seed++)
    fleet.push(await learnerOf(16 * 288, seed, 300, { turn, scratch }));
  const inTurn = (ask: (one: Learner) => void) =>
    medianOf(rounds, async () => (1000 * (await timed(() => fleet.forEach(ask)))) / series, turn);
  const stepMicroseconds = await inTurn(({ step }) => step());
  const stepAndForecastMicroseconds = await inTurn(({ forecaster, step }) => {
    step();
    forecaster.forecast({ horizonSteps });
  });
  let decisions = 0;
  const peakMicroseconds = await inTurn(({ forecaster }) => {
    const leadSeconds = leadsSeconds[Math.floor(decisions++ / series) % leadsSeconds.length]!;
    forecaster.peak({ ...decisionWindow, leadSeconds });
  });
  return { series, peakMicroseconds, stepMicroseconds, stepAndForecastMicroseconds };
}

/** Memory of a series after so many days. */
export async function memoryOfSeries(stepSeconds: number, days: number, turn: Turn): Promise<MemoryOfSeries> {
  const rows = Math.round(((days + 1 / 24) * daySeconds) / stepSeconds);
  const scratch = createScratch();
  const learned = savedState((await learnerOf(rows, 1, stepSeconds, { turn })).forecaster);
  const there: Forecaster[] = [];
  const learnUntil = async (count: number) => {
    while (there.length < count) {
      await turn();
      const forecaster = createForecaster({ stepSeconds }, scratch);
      restoreState(forecaster, learned);
      there.push(forecaster);
    }
  };
  await learnUntil(crowdSeries);
  const before = await usedBytes();
  await learnUntil(crowdSeries + measuredSeries);
  const kilobytes = ((await usedBytes()) - before) / 1024 / measuredSeries;
  return { stepSeconds, days, kilobytes, series: there.length };
}
