import { describe, expect, it } from 'vitest';
import { candidates } from '../../../../../src/forecast/core/batch/candidates.ts';
import { type ExpertErrors, relativeErrors } from '../../../../../src/forecast/core/batch/expert-errors.ts';
import { drawnTowards, sharedErrors } from '../../../../../src/forecast/core/batch/shared-errors.ts';
import { usualErrors } from '../../../../../src/forecast/core/batch/usual-errors.ts';

const experts = Object.keys(candidates);
/** Errors by the number of an expert, alike at the groups of horizons up to a quarter of a season. */
const errorsWith = (ratioOf: (expert: number) => number | undefined): ExpertErrors => ({
  horizonSteps: 6,
  ends: [3, 6],
  places: [0, 1],
  ratios: experts.map((_, e) => {
    const ratio = ratioOf(e);
    return ratio === undefined ? undefined : [ratio, ratio];
  }),
  ofReference: [1, 1],
});
/** The usual errors, times what an expert is off. */
const usualTimes = (off: (expert: number) => number): ExpertErrors => {
  const errors = errorsWith(() => 1);
  const ratios = usualErrors.map((ofExpert, e) =>
    errors.places.map((place) => off(e) * Math.exp(ofExpert[place] ?? 0)),
  );
  return { ...errors, ratios };
};
const movedBy = (errors: ExpertErrors, expert: number) =>
  Math.log((drawnTowards(usualErrors, errors).ratios[expert]?.[0] ?? 0) / (errors.ratios[expert]?.[0] ?? 0));

describe('the table of usual errors', () => {
  it('has six groups of horizons of every expert, relative to the mean of all', () => {
    expect(usualErrors).toHaveLength(experts.length);
    for (const ofExpert of usualErrors) expect(ofExpert).toHaveLength(6);
    for (let place = 0; place < 6; place++) {
      const sum = usualErrors.reduce((total, ofExpert) => total + (ofExpert[place] ?? 0), 0);
      expect(Math.abs(sum / experts.length)).toBeLessThan(0.03);
    }
  });
});

describe('errors that are drawn towards what is usual', () => {
  it('stay where they are usual, whatever the level', () => {
    for (const level of [0.1, 1, 7])
      experts.forEach((_, e) => {
        expect(
          movedBy(
            usualTimes(() => level),
            e,
          ),
        ).toBeCloseTo(0, 12);
      });
  });

  it('lose a small difference, and keep a large one but for a fifth of a unit of the logarithm', () => {
    const off = (factor: number) => usualTimes((e) => (e === 3 ? factor : 1));
    // The mean of all experts moves by a fifteenth of the difference.
    expect(movedBy(off(Math.exp(0.01)), 3) / 0.01).toBeCloseTo(-14 / 15, 2);
    expect(movedBy(off(Math.exp(3)), 3)).toBeCloseTo(-0.2, 3);
    expect(movedBy(off(Math.exp(-3)), 3)).toBeCloseTo(0.2, 3);
  });

  it('of an expert without a score stay without one', () => {
    const errors = errorsWith((e) => (e === 5 ? undefined : 1));
    const { ratios } = drawnTowards(usualErrors, errors);
    expect(ratios[5]).toBeUndefined();
    expect(ratios.flatMap((ofExpert) => ofExpert ?? []).every(Number.isFinite)).toBe(true);
  });
});

describe('what several series share', () => {
  const good = (expert: number) => relativeErrors(errorsWith((e) => (e === expert ? 0.5 : 1)));

  it('is the table for one alone, and where nothing else is known', () => {
    expect(sharedErrors([good(2)], usualErrors)).toEqual([usualErrors]);
    const [shared] = sharedErrors([good(2), good(2)], usualErrors);
    // The errors reach to a quarter of a season.
    expect(shared?.map((ofExpert) => ofExpert[5])).toEqual(usualErrors.map((ofExpert) => ofExpert[5]));
  });

  it('is what the others have in common, the more the more they are, and not what is of one alone', () => {
    const expected = (others: number) => {
      const shared = sharedErrors(
        [good(4), ...Array.from({ length: others }, () => good(2))],
        usualErrors,
      )[0];
      return (shared?.[2]?.[0] ?? 0) - (usualErrors[2]?.[0] ?? 0);
    };
    const asTheOthers = (good(2)[2]?.[0] ?? 0) - (usualErrors[2]?.[0] ?? 0);
    expect(expected(20) / asTheOthers).toBeCloseTo(0.5, 9);
    expect(expected(380) / asTheOthers).toBeCloseTo(0.95, 9);
  });

  it('is the same in any order, to the bit', () => {
    const series = [0.3, 0.7, 1.9, 0.11].map((size, i) =>
      relativeErrors(errorsWith((e) => (e === i ? size : 1.1))),
    );
    const reversed = sharedErrors([...series].reverse(), usualErrors).reverse();
    expect(sharedErrors(series, usualErrors)).toEqual(reversed);
  });
});
