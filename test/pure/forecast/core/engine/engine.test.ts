import { describe, expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../../../../src/forecast/core/engine/engine.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { workingWeek } from '../made-series.ts';

const stepSeconds = 3600;

function engineAfter(hours: number, valueAt: (t: number) => number, lengthOptions = {}) {
  const engine = createEngine(lengthsOf({ stepSeconds, ...lengthOptions }), undefined, createScratch());
  for (let i = 1; i <= hours; i++) engine.observe(i * stepSeconds, valueAt(i * stepSeconds));
  return engine;
}

describe('the engine', () => {
  it('measures demand in units of its first value above 0', () => {
    expect(engineAfter(3, () => 0).unit).toBe(0);
    const engine = engineAfter(30, (t) => (t < 10 * stepSeconds ? 0 : 200));
    expect(engine.unit).toBe(4);
    expect(engine.observed.at(0, engine.inputs.rootAt(0))).toBeCloseTo(50, 4);
    expect(engine.medianAt(1)).toBeCloseTo(50, 1);
  });

  it('counts what it has seen, and begins at the first value', () => {
    const engine = engineAfter(40, (t) => (t <= 10 * stepSeconds || t === 40 * stepSeconds ? Number.NaN : 7));
    expect(engine.seen()).toMatchObject({ steps: 30, observedSteps: 29, silentSteps: 1 });
    expect([engine.originSeconds, engine.newestSeconds]).toEqual([40 * stepSeconds, 40 * stepSeconds]);
  });

  it('learns no row that is not newer than the newest', () => {
    const engine = engineAfter(5, () => 7);
    expect(engine.observe(5 * stepSeconds, 900)).toBe(false);
    expect(engine.seen().steps).toBe(5);
  });

  it('finds the day and the week of a working week', () => {
    expect(engineAfter(24 * 21, workingWeek).seasons.foundSteps).toEqual(expect.arrayContaining([24]));
  });
});
