import { describe, expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../../../../src/forecast/core/engine/engine.ts';
import { readTrees } from '../../../../../src/forecast/core/families/trees.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { restoreState, savedState } from '../../../../../src/forecast/core/memory/state-copier.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

const day = 86_400;
const stepSeconds = 900;
const lengths = lengthsOf({ stepSeconds });
/** At rows of a quarter of an hour forecasts are kept at 12 steps, then at 24, which are six hours, at 48 and at 96. */
const [lastNear, firstFar] = [12, 24];
const none = readTrees([]);
/** One leaf: the trees always want a third of a typical error more, or less. */
const more = readTrees(['330000']);
const less = readTrees(['-330000']);

/** An engine that has seen noisy days, whose level grows by `growth` a day. */
function taught(days: number, trees: typeof none, growth = 0) {
  const engine = createEngine(lengths, undefined, createScratch(), [], trees);
  teach(engine, 0, days, growth);
  return engine;
}

function teach(engine: ReturnType<typeof createEngine>, from: number, to: number, growth = 0) {
  for (let t = from * day + stepSeconds; t <= to * day; t += stepSeconds) {
    const noise = createRandom(t)() - 0.5;
    const level = 1 + growth * (t / day);
    engine.observe(t, level * (100 + 50 * Math.sin((2 * Math.PI * t) / day)) * (1 + 0.6 * noise));
  }
}

const steps = Array.from({ length: lengths.horizonSteps }, (_, i) => i + 1);

describe('the correction far ahead', () => {
  it('changes nothing before the first far horizon to the bit', () => {
    const [plain, corrected] = [taught(6, none), taught(6, more)];
    for (const h of steps.slice(0, lastNear)) {
      expect(corrected.medianAt(h)).toBe(plain.medianAt(h));
      expect(corrected.sharedAt(h)).toBe(0);
    }
    expect(corrected.pathMaximum(lastNear)).toBe(plain.pathMaximum(lastNear));
  });

  it('rises to the whole of it at the first far horizon, and the path has no jump', () => {
    const engine = taught(6, more, 0.1);
    const added = steps.map(
      (h) => Math.sqrt(engine.medianAt(h)) - Math.sqrt(engine.medianAt(h) - engine.sharedAt(h)),
    );
    expect(Math.min(...added.slice(lastNear))).toBeGreaterThan(0);
    const jumps = added.slice(1).map((value, i) => Math.abs(value - (added[i] ?? 0)));
    expect(Math.max(...jumps)).toBeLessThan(0.35 * (added[firstFar - 1] ?? 0));
    expect(engine.pathMaximum(lengths.horizonSteps)).toBe(Math.max(...steps.map((h) => engine.medianAt(h))));
  });

  it('is served less where it does harm than where it helps', () => {
    const shareOf = (trees: typeof none) => Math.abs(taught(24, trees, 0.1).sharedAt(96));
    // What grows is forecast too low.
    expect(shareOf(less)).toBeLessThan(0.5 * shareOf(more));
  });

  it('needs no more steps than the next far horizon has', () => {
    const engine = taught(6, more);
    const alone = engine.medianAt(firstFar - 3);
    const other = taught(6, more);
    other.medianAt(96);
    expect(other.medianAt(firstFar - 3)).toBe(alone);
  });

  it('goes on from a saved state to the bit', () => {
    const own = taught(5.3, more);
    const other = createEngine(lengths, undefined, createScratch(), [], more);
    restoreState(other, savedState(own));
    for (const engine of [own, other]) teach(engine, 5.3, 8);
    expect(steps.map((h) => other.medianAt(h))).toEqual(steps.map((h) => own.medianAt(h)));
    expect(savedState(other)).toEqual(savedState(own));
  });

  it('says nothing while it does not know how far forecasts are off', () => {
    const engine = taught(0.3, more);
    expect(steps.map((h) => engine.sharedAt(h))).toEqual(steps.map(() => 0));
  });
});
