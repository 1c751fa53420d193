import { describe, expect, it } from 'vitest';
import { createEnsemble } from '../../../../../src/forecast/core/combination/ensemble.ts';
import type { WeighedHorizon } from '../../../../../src/forecast/core/combination/weighed-horizon.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createExpertInputs } from '../../../../../src/forecast/core/experts/inputs.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const day = 24;

/** A horizon that gives one expert all the weight and records what it is asked. */
function recordingHorizon(horizonSteps: number, expert: string) {
  const kept: { step: number; combined: number; newest: number }[] = [];
  const weighed: number[][] = [];
  const matured: number[] = [];
  const horizon: WeighedHorizon = {
    horizonSteps,
    strideSteps: 2,
    isFar: false,
    isResting: false,
    isUnproven: false,
    forgetPending() {},
    weights: { of: (e) => (expertNames[e] === expert ? 1 : 0) },
    mature: (_step, truth) => void matured.push(truth),
    weigh: (_step, predictions) => void weighed.push([...predictions]),
    keep: (step, _predictions, combined, { newest }) => void kept.push({ step, combined, newest }),
  };
  return { horizon, kept, weighed, matured };
}

function fed(expert: string, values: readonly number[], scratch = createScratch()) {
  const inputs = createExpertInputs({
    shortSeasonSteps: day,
    longSeasonSteps: 0,
    horizonSteps: 30,
    settleSteps: 0,
    rememberedSteps: 200,
    scratch,
  });
  const recorded = recordingHorizon(30, expert);
  const ensemble = createEnsemble(inputs, [recorded.horizon], {}, scratch);
  const feed = (value: number) => {
    inputs.push(value, true);
    ensemble.advance(inputs.step, value, 1);
  };
  values.forEach(feed);
  return { ensemble, feed, ...recorded };
}

const twoDays = Array.from({ length: 2 * day }, (_, i) => 10 + (i % day));

describe('the ensemble', () => {
  it('predicts what the expert with all the weight predicts', () => {
    const { ensemble } = fed('day-naive', twoDays);
    expect(ensemble.combinedAt(1)).toBeCloseTo(10, 4);
    expect(ensemble.combinedAt(24)).toBeCloseTo(33, 4);
  });

  it('repeats the last season beyond the farthest horizon', () => {
    const { ensemble } = fed('day-naive', twoDays);
    for (const h of [31, 54, 200]) expect(ensemble.combinedAt(h)).toBeCloseTo(10 + ((h - 1) % day), 4);
  });

  it('has a path maximum that later steps do not lower', () => {
    const { ensemble } = fed('day-naive', twoDays);
    expect(ensemble.pathMaximum(5)).toBeCloseTo(14, 4);
    expect(ensemble.pathMaximum(30)).toBeCloseTo(33, 4);
    expect(ensemble.pathMaximum(999)).toBeCloseTo(33, 4);
  });

  it('keeps a forecast at whole multiples of the stride, and matures at every step', () => {
    const { kept, matured } = fed('persistence', [5, 6, 7, 8]);
    expect(kept.map(({ step, newest }) => [step, newest])).toEqual([
      [0, 5],
      [2, 7],
    ]);
    expect(kept[1]?.combined).toBeCloseTo(7, 4);
    expect(matured).toEqual([5, 6, 7, 8]);
  });

  it('hides season repeaters from the weights where there is no season, and shows them again', () => {
    const { ensemble, feed, weighed } = fed('persistence', twoDays);
    const naive = expertNames.indexOf('day-naive');
    ensemble.followSeasons(true);
    feed(10);
    expect(weighed.at(-1)?.[naive]).toBeNaN();
    ensemble.followSeasons(false);
    feed(11);
    feed(12);
    expect(weighed.at(-1)?.[naive]).toBeGreaterThan(0);
  });

  it('is not disturbed by another one that shares its scratch', () => {
    const scratch = createScratch();
    const one = fed('day-naive', twoDays, scratch);
    const before = [one.ensemble.combinedAt(3), one.ensemble.pathMaximum(20)];
    const other = fed('persistence', [900, 901], scratch);
    expect(other.ensemble.combinedAt(3)).toBeCloseTo(901, 1);
    expect([one.ensemble.combinedAt(3), one.ensemble.pathMaximum(20)]).toEqual(before);
  });
});
