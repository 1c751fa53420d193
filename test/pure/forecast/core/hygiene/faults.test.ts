import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { noisyWeek } from '../made-series.ts';
import {
  aheadSteps,
  cleanWalk,
  day,
  type Fault,
  faultAt,
  harm,
  hour,
  meanOf,
  minute,
  nonsense,
  part,
  seeds,
  stepSeconds,
  sumOf,
  twoDays,
  walk,
  within,
} from './faulty-walk.ts';

describe('the day after', () => {
  const dice = createRandom(5);

  // The bar of the project is a point and a half. Measured: 0.6 and 1.1 points for the missing rows.
  it('a fifth of all rows missing costs less than a point and a half', () => {
    const missing: Fault = (_t, value) => (dice() < 0.2 ? undefined : value);
    expect(meanOf(seeds.map((seed) => harm(seed, missing, 0)))).toBeLessThan(0.015);
  });

  // One seed, which is the less favourable one. Measured: at most 0.2 points, a seventh of the bar.
  it.each<readonly [string, Fault, number]>([
    ['a hole of six hours', (t, value) => (within(t, 6 * hour) ? undefined : value), 6 * hour],
    ['a ×20 spike of half an hour', (t, value) => (within(t, hour / 2) ? 20 * value : value), hour / 2],
    ['an outage of three hours', (t, value) => (within(t, 3 * hour) ? 0 : value), 3 * hour],
    [
      'an hour of NaN, negative and infinite rows',
      (t, value) => (within(t, hour) ? nonsense(t) : value),
      hour,
    ],
    [
      'a counter reset (one row ×100)',
      (t, value) => (within(t, stepSeconds) ? 100 * value : value),
      stepSeconds,
    ],
  ])('%s costs less than a point and a half', (_title, fault, lastsSeconds) => {
    expect(harm(1, fault, lastsSeconds)).toBeLessThan(0.015);
  });

  it('a counter reset in one of the five rows of a step costs less than a point and a half', () => {
    const reset: Fault = (t, value) => (within(t, minute) ? 100 * value : value);
    // One seed: rows of a minute are five times as many.
    expect(harm(1, reset, stepSeconds, minute)).toBeLessThan(0.015);
  });

  // Measured: 0.968 of the rows of the second day are below the 0.95 bound.
  it('a step up by half is calibrated again', () => {
    const shifted = (t: number, value: number) => (t > faultAt ? 1.5 * value : value);
    const covered = seeds.flatMap((seed) => {
      const { bounds, truths } = part(walk(seed, shifted, twoDays), day, day);
      const noisy = noisyWeek(seed + 100);
      return bounds.map((bound, i) => {
        const t = faultAt + day + (i + 1 + aheadSteps) * stepSeconds;
        return noisy(t) * 1.5 <= bound && truths[i] !== undefined ? 1 : 0;
      });
    });
    expect(meanOf(covered)).toBeGreaterThan(0.93);
  });

  it('rows clipped at capacity and marked as such lower neither median nor bound by more than 2 %', () => {
    // About a fifth of Monday's rows is above it. Measured: −0.8 % and −1.2 %.
    const capacity = 85;
    const clipped: Fault = (t, value) => (within(t, day) && value > capacity ? { atLeast: capacity } : value);
    const unmarked: Fault = (t, value) => (within(t, day) ? Math.min(capacity, value) : value);
    const change = (fault: Fault) => {
      const walks = seeds.map((seed) => [walk(seed, fault, twoDays), cleanWalk(seed, stepSeconds)] as const);
      const of = (what: 'medians' | 'bounds') =>
        meanOf(walks.map(([faulty, clean]) => sumOf(faulty[what]) / sumOf(clean[what]) - 1));
      return { median: of('medians'), bound: of('bounds') };
    };
    const { median, bound } = change(clipped);
    expect(median).toBeGreaterThan(-0.02);
    expect(bound).toBeGreaterThan(-0.02);
    // That the clip bites: without the mark it lowers both by more (−2.1 % and −2.5 %).
    expect(change(unmarked).median).toBeLessThan(-0.02);
  });
});
