import type { StateCopier } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';

/** A value loses half its weight in this many short seasons. */
const halfLifeSeasons = 5;
/** A shape seen for this many cycles is shrunk by half towards 0, one seen for longer by less. */
const priorCycles = 0.5;
/** Number of rounds in which each season is fitted to what the others leave unexplained. */
const rounds = 4;

interface Shape {
  /** Length in steps, fractions allowed. */
  readonly period: number;
  /** Demand that the season adds to the level in each part of it. */
  readonly slots: Float32Array;
}

/** What is left to explain of a window of demand while shapes are fitted to it. */
interface Fit {
  readonly rest: Float64Array;
  /** Step of the oldest value. */
  readonly firstStep: number;
  /** Number of equally weighted steps that are as certain as the weighted ones. */
  readonly effectiveSteps: number;
}

export type SeasonPattern = ReturnType<typeof createSeasonPattern>;

/**
 * The sum of several seasons of any length around a level. Seasons that overlap, such as a day and a batch every seven hours, are separated by fitting each in
 * turn to what the others leave unexplained (backfitting; Friedman & Stuetzle 1981, as in MSTL). Shapes are of demand itself,
 * not of square roots, because a batch adds its own requests to those of the day. A mean of many cycles has little noise, so
 * that the pattern can be repeated far ahead.
 */
export function createSeasonPattern(shortSteps: number) {
  const decay = 2 ** (-1 / (halfLifeSeasons * shortSteps));
  let shapes: readonly Shape[] = [];
  let mean = 0;

  function learnShapes(window: ValueWindow, newestStep: number): void {
    const { values, start, end } = window;
    const length = end - start;
    const firstStep = newestStep - length + 1;
    let sum = 0;
    let weights = 0;
    let squares = 0;
    for (let i = 0, weight = decay ** (length - 1); i < length; i++, weight /= decay) {
      sum += weight * values[start + i]! ** 2;
      weights += weight;
      squares += weight * weight;
    }
    mean = sum / weights;
    const rest = Float64Array.from({ length }, (_, i) => values[start + i]! ** 2 - mean);
    const fit: Fit = { rest, firstStep, effectiveSteps: (weights * weights) / squares };
    for (let round = 0; round < rounds; round++) {
      for (const shape of shapes) fitShape(shape, fit, decay);
    }
  }

  const pattern = {
    /** Whether there is a pattern at present. */
    isThere: false,
    /** Number of times the pattern was learned. */
    version: 0,
    /** Square root of the pattern's demand at a step. */
    at(step: number): number {
      let sum = mean;
      for (const { period, slots } of shapes) sum += slots[slotOf(step, period, slots.length)]!;
      return sum > 0 ? Math.sqrt(sum) : 0;
    },
    /**
     * Learns the shapes of seasons with these lengths (steps, fractions allowed) from a window of square roots, whose newest
     * value belongs to `newestStep`. Lengths beyond the window are left out; where none is left the pattern is a level.
     */
    follow(periods: readonly number[], window: ValueWindow, newestStep: number): void {
      const length = window.end - window.start;
      shapes = periods.filter((period) => period <= length).map(shapeOf);
      pattern.version++;
      pattern.isThere = true;
      if (shapes.length === 0) {
        mean = levelOf(window, decay);
        return;
      }
      learnShapes(window, newestStep);
    },
    copyState(copier: StateCopier): void {
      mean = copier.number(mean);
      pattern.isThere = copier.flag(pattern.isThere);
      pattern.version = copier.number(pattern.version);
      const periods = shapes.map(({ period }) => period);
      copier.list(periods);
      shapes = periods.map((period, i) => (shapes[i]?.period === period ? shapes[i] : shapeOf(period)));
      for (const { slots } of shapes) copier.numbers(slots);
    },
    /** Ends the pattern, so that `isThere` is false. */
    forget(): void {
      pattern.isThere = false;
      shapes = [];
    },
  };
  return pattern;
}

/** Level from the mean of square roots, on which a few bursts have less influence than on the mean of demand. */
function levelOf({ values, start, end }: ValueWindow, decay: number): number {
  let sum = 0;
  let weights = 0;
  for (let i = start, weight = decay ** (end - start - 1); i < end; i++, weight /= decay) {
    sum += weight * values[i]!;
    weights += weight;
  }
  return (sum / weights) ** 2;
}

function shapeOf(period: number): Shape {
  return { period, slots: new Float32Array(Math.round(period)) };
}

/** Fits one shape to the rest of the window as if the other shapes were right, and takes the shape out of the rest. */
function fitShape({ period, slots }: Shape, { rest, firstStep, effectiveSteps }: Fit, decay: number): void {
  const count = slots.length;
  const sums = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0, weight = decay ** (rest.length - 1); i < rest.length; i++, weight /= decay) {
    const slot = slotOf(firstStep + i, period, count);
    const own = rest[i]! + slots[slot]!;
    rest[i] = own;
    sums[slot]! += weight * own;
    weights[slot]! += weight;
  }
  const cycles = effectiveSteps / period;
  const trusted = cycles / (cycles + priorCycles);
  for (let slot = 0; slot < count; slot++) {
    slots[slot] = weights[slot]! > 0 ? (trusted * sums[slot]!) / weights[slot]! : 0;
  }
  for (let i = 0; i < rest.length; i++) rest[i]! -= slots[slotOf(firstStep + i, period, count)]!;
}

/** The slot of a season at a step. */
function slotOf(step: number, period: number, slots: number): number {
  // A whole number of steps needs no division, which might round down to the slot before.
  if (period === slots) return step % period;
  return Math.floor(((step % period) / period) * slots);
}
