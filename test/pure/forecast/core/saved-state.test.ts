import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  createForecaster,
  type Forecaster,
  type ForecasterOptions,
  restoreState,
  savedState,
} from '../../../../src/forecast/core/index.ts';
import { createScratch } from '../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { type RandomTrace, randomTrace } from './random-trace.ts';

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

/** A forecaster that begins where another one is, with no memory in common. */
function goneOn(forecaster: Forecaster, options: ForecasterOptions): Forecaster {
  const other = createForecaster(options, createScratch());
  restoreState(other, savedState(forecaster));
  return other;
}

/** Everything that may be asked of a forecaster. */
function answers(forecaster: Forecaster, { stepSeconds }: ForecasterOptions) {
  return {
    newest: forecaster.newestSeconds,
    forecast: forecaster.forecast({ horizonSteps: 400, quantiles: [0.1, 0.5, 0.9, 0.99, 0.999] }),
    peaks: [1, 7, 40].map((steps) =>
      forecaster.peak({ windowSeconds: steps * stepSeconds, leadSeconds: stepSeconds / 2 }),
    ),
    accuracy: forecaster.accuracy(),
    explained: forecaster.explain({ horizonSteps: 3 }),
    explainedPeak: forecaster.explain({ windowSeconds: 5 * stepSeconds }),
    history: forecaster.history(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  };
}

/** Learns a trace by one forecaster that never stops, and by a row of forecasters that each go on from the one before. */
function learnTwice({ options, rows }: RandomTrace, seed: number) {
  const random = createRandom(seed + 1000);
  const steady = createForecaster(options, createScratch());
  let stopped = createForecaster(options, createScratch());
  const differences: number[] = [];
  let stops = 0;
  for (const [index, row] of rows.entries()) {
    steady.observe(...row);
    stopped.observe(...row);
    if (random() > 40 / rows.length) continue;
    stops++;
    stopped = goneOn(stopped, options);
    if (stops % 8 !== 0) continue;
    const isSame = isDeepStrictEqual(answers(stopped, options), answers(steady, options));
    if (!isSame || Buffer.compare(savedState(stopped), savedState(steady)) !== 0) differences.push(index);
  }
  return { steady, stopped, stops, differences };
}

describe('a forecaster that goes on from a saved state', () => {
  it.each(seeds)('answers to the bit as one that never stopped, trace %i', (seed) => {
    const trace = randomTrace(seed);
    const { steady, stopped, stops, differences } = learnTwice(trace, seed);
    expect(stops).toBeGreaterThan(15);
    expect(differences).toEqual([]);
    expect(isDeepStrictEqual(answers(stopped, trace.options), answers(steady, trace.options))).toBe(true);
    expect(Buffer.compare(savedState(stopped), savedState(steady))).toBe(0);
  });

  it('was tried on forecasts, and not only while there were none', () => {
    const learned = seeds.map((seed) => {
      const { options, rows } = randomTrace(seed);
      const forecaster = createForecaster(options);
      for (const row of rows) forecaster.observe(...row);
      return forecaster.forecast({ horizonSteps: 1 }).status;
    });
    expect(learned.filter((status) => status === 'ok').length).toBeGreaterThan(6);
  });

  it('knows nothing where nothing was saved', () => {
    const options = { stepSeconds: 300 };
    const other = goneOn(createForecaster(options), options);
    expect(other.newestSeconds).toBe(Number.NEGATIVE_INFINITY);
    expect(other.forecast({ horizonSteps: 1 }).status).toBe('learning');
  });
});

describe('a forecaster that is given one state after the other', () => {
  /** One for each kind of options, with a calendar and without. */
  const kinds = seeds.slice(0, 7);

  it.each(kinds)('is to the bit in the newest, trace %i', (seed) => {
    const { options, rows } = randomTrace(seed);
    const steady = createForecaster(options, createScratch());
    const given = createForecaster(options, createScratch());
    const everyRows = Math.floor(rows.length / 25);
    const differences: number[] = [];
    for (const [index, row] of rows.entries()) {
      steady.observe(...row);
      if (index % everyRows > 0) continue;
      restoreState(given, savedState(steady));
      if (Buffer.compare(savedState(given), savedState(steady)) !== 0) differences.push(index);
    }
    expect(differences).toEqual([]);
  });
});

describe('bytes that are no state of such a forecaster', () => {
  const { options, rows } = randomTrace(4);
  const forecaster = createForecaster(options);
  for (const row of rows.slice(0, 500)) forecaster.observe(...row);
  const bytes = savedState(forecaster);
  const other = () => createForecaster(options);

  it('are refused where they are too few or too many', () => {
    expect(() => restoreState(other(), bytes.slice(0, -8))).toThrow(RangeError);
    expect(() => restoreState(other(), new Uint8Array([...bytes, 0]))).toThrow(RangeError);
    expect(() => restoreState(other(), new Uint8Array())).toThrow(RangeError);
  });

  it('are refused where they are of other options', () => {
    const shorter = createForecaster({ ...options, seasonsSeconds: [86_400] });
    expect(() => restoreState(shorter, bytes)).toThrow(RangeError);
  });
});
