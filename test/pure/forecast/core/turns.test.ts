import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createForecaster, type Forecaster, savedState } from '../../../../src/forecast/core/index.ts';
import { createScratch, type Scratch } from '../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { type RandomTrace, randomTrace } from './random-trace.ts';

/** One for each kind of options. */
const seeds = Array.from({ length: 7 }, (_, seed) => seed);
/** More series than there are engines of one kind. */
const crowdSize = 70;
const crowdRows = 80;
/** Rows after a turn at which peaks are compared: some of them wait, where several rows make a step. */
const rowsSinceTurn = 3;

/** Series of the same kind that have learned other demand than the one that is watched. */
function createCrowd({ options, rows }: RandomTrace, scratch: Scratch): readonly Forecaster[] {
  return Array.from({ length: crowdSize }, (_, index) => {
    const other = createForecaster(options, scratch);
    const from = Math.floor((index * (rows.length - crowdRows)) / crowdSize);
    for (const [at, value, isCensored] of rows.slice(from, from + crowdRows))
      other.observe(at, (index + 2) * value, isCensored);
    return other;
  });
}

function peaks(forecaster: Forecaster, { stepSeconds }: RandomTrace['options']) {
  const windows = [1, 7, 40].map((steps) => steps * stepSeconds);
  const asked = windows.map((windowSeconds) =>
    forecaster.peak({ windowSeconds, leadSeconds: stepSeconds / 2 }),
  );
  return { newest: forecaster.newestSeconds, asked };
}

function answers(forecaster: Forecaster, options: RandomTrace['options']) {
  return {
    peaks: peaks(forecaster, options),
    forecast: forecaster.forecast({ horizonSteps: 400, quantiles: [0.1, 0.5, 0.9, 0.99, 0.999] }),
    explained: forecaster.explain({ horizonSteps: 3 }),
    accuracy: forecaster.accuracy(),
    history: forecaster.history(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  };
}

/** Learns a trace in engines that a crowd takes at random moments, and in one that nobody else has. */
function learnTwice(trace: RandomTrace, seed: number) {
  const random = createRandom(seed + 2000);
  const alone = createForecaster(trace.options, createScratch());
  const shared = createScratch();
  const among = createForecaster(trace.options, shared);
  const crowd = createCrowd(trace, shared);
  const judgedFrom = trace.rows[trace.rows.length >> 2]?.[0] ?? 0;
  if (seed % 2 === 1) for (const one of [alone, among]) one.judgeFrom(judgedFrom);
  const differences: number[] = [];
  let turns = 0;
  let turnedAt = 0;
  for (const [index, row] of trace.rows.entries()) {
    alone.observe(...row);
    among.observe(...row);
    const isSamePeak = () => isDeepStrictEqual(peaks(among, trace.options), peaks(alone, trace.options));
    if (index - turnedAt === rowsSinceTurn && !isSamePeak()) differences.push(index);
    if (random() > 40 / trace.rows.length) continue;
    turns++;
    turnedAt = index;
    // Peaks nearby need no engine, but this does.
    for (const other of crowd) other.accuracy();
    if (turns % 4 !== 0) continue;
    const isSame = isDeepStrictEqual(answers(among, trace.options), answers(alone, trace.options));
    if (!isSame || Buffer.compare(savedState(among), savedState(alone)) !== 0) differences.push(index);
  }
  return { turns, differences };
}

describe('series that take turns in engines', () => {
  it.each(seeds)('answer to the bit as one that has an engine of its own, trace %i', (seed) => {
    const { turns, differences } = learnTwice(randomTrace(seed), seed);
    expect(turns).toBeGreaterThan(15);
    expect(differences).toEqual([]);
  });
});
