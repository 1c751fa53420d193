import type { SeriesWindow } from '../memory/value-window.ts';

/** What is older by so many short seasons counts half. */
const halfLifeSeasons = 5;
/** A cycle more or less than this many tells a season from chance. */
const priorCycles = 0.5;
/** Each season is fitted to what the others leave, so many times over. */
const rounds = 4;

/** The sum of several seasons at once, each of any length, around a level. */
export interface SeasonPattern {
  readonly isThere: boolean;
  /** How often it was made. */
  readonly version: number;
  /** The square root of it at a step of the window. */
  at(step: number): number;
  /**
   * Learns the shapes of seasons of these lengths (steps, fractions allowed) from a window of square roots, whose newest
   * is of `newestStep`. Lengths the window does not hold are left out; with none of them it is a level.
   */
  follow(periods: readonly number[], window: SeriesWindow, newestStep: number): void;
  /** There is no pattern any more. */
  forget(): void;
}

interface Shape {
  readonly period: number;
  readonly slots: Float32Array;
}

/** What the shapes leave unexplained, and the sums of their slots, while they are fitted: one place for all forecasters. */
let rest = new Float64Array(0);
let sums = new Float64Array(0);
let shares = new Float64Array(0);

/**
 * Seasons that overlap, such as a day and a batch every seven hours, are taken apart by fitting each to what the others
 * leave, in turns (backfitting; Friedman & Stuetzle 1981, as MSTL does it). In demand itself, because a batch adds its
 * own requests to those of the day. A mean of many cycles has little noise, so that it can be repeated far ahead.
 */
export function createSeasonPattern(shortSteps: number): SeasonPattern {
  const decay = 2 ** (-1 / (halfLifeSeasons * shortSteps));
  let shapes: readonly Shape[] = [];
  let mean = 0;

  function learnShapes(window: SeriesWindow, newestStep: number): void {
    const { values, start, end } = window;
    const length = end - start;
    const firstStep = newestStep - length + 1;
    let sum = 0;
    let weights = 0;
    let squares = 0;
    for (let i = 0, weight = decay ** (length - 1); i < length; i++, weight /= decay) {
      sum += weight * (values[start + i] ?? 0) ** 2;
      weights += weight;
      squares += weight * weight;
    }
    mean = sum / weights;
    for (let i = 0; i < length; i++) rest[i] = (values[start + i] ?? 0) ** 2 - mean;
    const effectiveSteps = (weights * weights) / squares;
    for (let round = 0; round < rounds; round++) {
      for (const shape of shapes) fitShape(shape, length, firstStep, effectiveSteps / shape.period);
    }
  }

  /** The mean of the roots, which a few bursts move less. */
  function levelOf({ values, start, end }: SeriesWindow): number {
    let sum = 0;
    let weights = 0;
    for (let i = start, weight = decay ** (end - start - 1); i < end; i++, weight /= decay) {
      sum += weight * (values[i] ?? 0);
      weights += weight;
    }
    return (sum / weights) ** 2;
  }

  function fitShape({ period, slots }: Shape, length: number, firstStep: number, cycles: number): void {
    sums.fill(0, 0, slots.length);
    shares.fill(0, 0, slots.length);
    for (let i = 0, weight = decay ** (length - 1); i < length; i++, weight /= decay) {
      const slot = slotOf(firstStep + i, period, slots.length);
      const own = (rest[i] ?? 0) + (slots[slot] ?? 0);
      rest[i] = own;
      sums[slot] = (sums[slot] ?? 0) + weight * own;
      shares[slot] = (shares[slot] ?? 0) + weight;
    }
    const trusted = cycles / (cycles + priorCycles);
    for (let slot = 0; slot < slots.length; slot++) {
      const share = shares[slot] ?? 0;
      slots[slot] = share > 0 ? (trusted * (sums[slot] ?? 0)) / share : 0;
    }
    for (let i = 0; i < length; i++) {
      rest[i] = (rest[i] ?? 0) - (slots[slotOf(firstStep + i, period, slots.length)] ?? 0);
    }
  }

  const pattern = {
    isThere: false,
    version: 0,
    at(step: number): number {
      let sum = mean;
      for (const { period, slots } of shapes) sum += slots[slotOf(step, period, slots.length)] ?? 0;
      return sum > 0 ? Math.sqrt(sum) : 0;
    },
    follow(periods: readonly number[], window: SeriesWindow, newestStep: number): void {
      const length = window.end - window.start;
      shapes = periods
        .filter((period) => period <= length)
        .map((period) => ({ period, slots: new Float32Array(Math.round(period)) }));
      pattern.version++;
      pattern.isThere = true;
      if (shapes.length === 0) {
        mean = levelOf(window);
        return;
      }
      if (rest.length < length) rest = new Float64Array(length);
      const longest = Math.max(...shapes.map(({ slots }) => slots.length));
      if (sums.length < longest) {
        sums = new Float64Array(longest);
        shares = new Float64Array(longest);
      }
      learnShapes(window, newestStep);
    },
    forget(): void {
      pattern.isThere = false;
      shapes = [];
    },
  };
  return pattern;
}

function slotOf(step: number, period: number, slots: number): number {
  // Whole steps need no division, which might round to the slot before.
  if (period === slots) return step % period;
  return Math.floor(((step % period) / period) * slots);
}
