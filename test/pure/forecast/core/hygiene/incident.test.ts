import { describe, expect, it } from 'vitest';
import { IncidentRule } from '../../../../../src/forecast/core/hygiene/incident.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

/** A day of quarters of an hour, in which 100 is usual at every moment: ten, as a square root. */
const day = 96;
const week = 7 * day;
const hour = 4;
const usual = { at: () => 10 };

/** Results of the rule over days of demand: where each incident ended, its length, and the steps under suspicion at the end. */
function told(days: number, demand: (step: number) => number | undefined) {
  const rule = new IncidentRule({
    shortSeasonSteps: day,
    longSeasonSteps: week,
    usualDay: usual,
    usualWeek: usual,
  });
  const over: (readonly [step: number, lastedSteps: number])[] = [];
  let suspected = 0;
  for (let step = 0; step < days * day; step++) {
    const value = demand(step);
    const lastedSteps = rule.note(step, Math.sqrt(value ?? 0), value !== undefined);
    if (lastedSteps > 0) over.push([step, lastedSteps]);
    if (rule.suspectSteps > 0) suspected++;
  }
  return { over, suspected, suspectSteps: rule.suspectSteps, standIn: rule.standIn(0) };
}

/** Usual demand with a tenth of noise, times `factor` for some hours from these steps on. */
function times(factor: number, hours: number, ...starts: readonly number[]) {
  const random = createRandom(1);
  return (step: number) => {
    const isWithin = starts.some((start) => step >= start && step < start + hours * hour);
    return 100 * (0.95 + 0.1 * random()) * (isWithin ? factor : 1);
  };
}

const monday = 8 * day + 40;

describe('an incident', () => {
  it.each([
    ['a load test', 5],
    ['half a service down', 0.2],
  ])('is %s, reported when it has been over for half an hour', (_what, factor) => {
    const { over, suspected } = told(10, times(factor, 3, monday));
    // Three hours, and the two steps that showed that it is over.
    expect(over).toEqual([[monday + 13, 14]]);
    expect(suspected).toBe(13);
  });

  it('is suspected while it lasts', () => {
    const { over, suspectSteps } = told((monday + 4) / day, times(5, 3, monday));
    expect([over, suspectSteps]).toEqual([[], 4]);
  });

  it('is replaced by what was usual, as far from the mean of the season as demand was before it', () => {
    const level = (step: number) => 1.21 * times(5, 3, monday)(step);
    expect(told(10, level).standIn).toBeCloseTo(11, 0);
  });

  it('may have missing rows in it', () => {
    const demand = times(5, 3, monday);
    const { over } = told(10, (step) => (step % 3 === 0 ? undefined : demand(step)));
    expect(over).toHaveLength(1);
  });
});

describe('no incident', () => {
  const nothing = { over: [], suspectSteps: 0 };

  it('is what stays: after six hours it is a level', () => {
    expect(told(12, times(5, 1000, monday))).toMatchObject({ ...nothing, suspected: 24 });
  });

  it('is noise, nor demand less than twice as high or low', () => {
    for (const factor of [1, 1.7, 0.6]) {
      expect(told(10, times(factor, 3, monday))).toMatchObject({ ...nothing, suspected: 0 });
    }
  });

  it('is what is far within the usual noise', () => {
    const random = createRandom(2);
    expect(told(14, () => 100 * 3 ** (2 * random() - 1))).toMatchObject({ ...nothing, suspected: 0 });
  });

  it('is anything in the first week', () => {
    expect(told(7, times(5, 3, 6 * day))).toMatchObject({ ...nothing, suspected: 0 });
  });

  it.each([
    ['a day', day],
    ['two days', 2 * day + 2],
    ['a week', week - 3],
  ])('is what comes again at about the same time after %s', (_span, steps) => {
    const { over, suspected } = told(18, times(5, 3, monday, monday + steps));
    expect(over).toHaveLength(1);
    expect(suspected).toBe(13);
  });

  it('is what happens more than three times a week', () => {
    const starts = [0, 1, 2, 3, 4].map((i) => monday + i * (day + 16));
    expect(told(16, times(5, 1, ...starts)).over).toHaveLength(3);
  });
});
