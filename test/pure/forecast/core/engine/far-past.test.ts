import { describe, expect, it } from 'vitest';
import { judgedStepsOf, lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../../../../src/forecast/core/engine/engine.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { workingWeek } from '../made-series.ts';

const stepSeconds = 300;
const daySteps = 288;

describe('an engine that judges the end of a history', () => {
  const lengths = lengthsOf({ stepSeconds });
  const farPastDays = 5;
  const engineAfter = (days: number) => {
    const engine = createEngine(lengths, undefined, createScratch());
    engine.judgeFrom(farPastDays * daySteps * stepSeconds);
    for (let step = 1; step <= days * daySteps; step++)
      engine.observe(step * stepSeconds, workingWeek(step * stepSeconds));
    return engine;
  };
  const judgedDays = judgedStepsOf(lengths) / daySteps;
  const horizonOf = ({ horizons }: ReturnType<typeof engineAfter>, steps: number) =>
    horizons.find(({ horizonSteps }) => horizonSteps === steps) ??
    expect.unreachable(`no horizon of ${steps}`);
  const weightsOf = (engine: ReturnType<typeof engineAfter>, steps: number) =>
    expertNames.map((_, expert) => horizonOf(engine, steps).weights.of(expert));

  it('judges forecasts of an hour and more for the last ten days of it only, and nearer ones throughout', () => {
    const engine = engineAfter(farPastDays + judgedDays);
    const judgedSteps = (steps: number) => horizonOf(engine, steps).maturedCount;
    // Weights are learned for a quarter of a day before anything is judged by them.
    expect(judgedSteps(6) / daySteps).toBeCloseTo(judgedDays - 0.25, 0);
    for (const steps of [12, 24]) expect(judgedSteps(steps) / daySteps).toBeCloseTo(10 - 0.25, 0);
  });

  it('combines what it does not judge yet by the weights of half an hour ahead', () => {
    const resting = engineAfter(farPastDays + 6);
    for (const steps of [12, 24, 48]) expect(weightsOf(resting, steps)).toEqual(weightsOf(resting, 6));
    const judged = engineAfter(farPastDays + judgedDays);
    expect(weightsOf(judged, 12)).not.toEqual(weightsOf(judged, 6));
  });

  it('knows so when it takes over what was learned', () => {
    const resting = engineAfter(farPastDays + 6);
    resting.judgeFrom(Number.NEGATIVE_INFINITY);
    expect(weightsOf(resting, 12)).not.toEqual(weightsOf(resting, 6));
    resting.judgeFrom(farPastDays * daySteps * stepSeconds);
    expect(weightsOf(resting, 12)).toEqual(weightsOf(resting, 6));
  });

  it('finds the same seasons as one that searches each day', () => {
    const throughout = createEngine(lengths, undefined, createScratch());
    const days = farPastDays + judgedDays;
    for (let step = 1; step <= days * daySteps; step++)
      throughout.observe(step * stepSeconds, workingWeek(step * stepSeconds));
    expect(engineAfter(days).seasons.foundSteps).toEqual(throughout.seasons.foundSteps);
  });
});
