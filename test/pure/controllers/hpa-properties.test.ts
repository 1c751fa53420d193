import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHpa, type HpaSpec } from '../../../src/controllers/index.ts';
import { behavior, bounds, withBehavior } from './random-hpa.ts';

const target = 10;

interface Step {
  readonly nowSeconds: number;
  readonly before: number;
  readonly desired: number | undefined;
  readonly after: number;
}

/** Plays demand through the HPA, with every input frozen, and keeps what was seen. */
function play(
  spec: HpaSpec,
  startReplicas: number,
  demand: readonly (number | undefined)[],
  syncSeconds: number,
): readonly Step[] {
  const hpa = createHpa(deepFreeze(spec));
  let before = startReplicas;
  return demand.map((total, index) => {
    const nowSeconds = index * syncSeconds;
    const observed = { nowSeconds, currentReplicas: before, metrics: [{ total, target }] };
    const after = hpa.sync(deepFreeze(observed));
    const step = { nowSeconds, before, desired: hpa.desired, after };
    before = after;
    return step;
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

const demand = fc.array(fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: undefined }), {
  minLength: 1,
  maxLength: 60,
});
describe('the HPA, whatever happens', () => {
  it('stays within its bounds', () => {
    fc.assert(
      fc.property(bounds, behavior, demand, ({ start, ...limits }, given, totals) => {
        for (const { after } of play({ ...limits, ...withBehavior(given) }, start, totals, 15)) {
          expect(after).toBeGreaterThanOrEqual(limits.minReplicas);
          expect(after).toBeLessThanOrEqual(limits.maxReplicas);
          expect(Number.isInteger(after)).toBe(true);
        }
      }),
    );
  });

  it('does not move for demand within the tolerance', () => {
    const ratio = fc.double({ min: 0.9001, max: 1.0999, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), ratio, (replicas, factor) => {
        const [step] = play({ minReplicas: 1, maxReplicas: 100 }, replicas, [replicas * target * factor], 15);
        expect(step?.after).toBe(replicas);
      }),
    );
  });

  it('always asks for what serves the demand once it is out of tolerance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 1000 }), (replicas, total) => {
        const [step] = play({ minReplicas: 1, maxReplicas: 1000 }, replicas, [total], 15);
        const carried = (step?.desired ?? 0) * target;
        expect(carried).toBeGreaterThanOrEqual(total / 1.1 - 0.001);
        if (step?.desired !== replicas) expect(step?.desired).toBe(Math.ceil(total / target));
      }),
    );
  });

  it('never scales down below the highest recommendation of the window', () => {
    const windows = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(bounds, windows, demand, ({ start, ...limits }, windowSeconds, totals) => {
        const spec = { ...limits, behavior: { scaleDown: { stabilizationWindowSeconds: windowSeconds } } };
        const steps = play(spec, start, totals, 15);
        for (const { nowSeconds, before, desired, after } of steps) {
          if (desired === undefined || after >= before) continue;
          const highest = steps
            .filter((step) => step.nowSeconds > nowSeconds - windowSeconds && step.nowSeconds <= nowSeconds)
            .map((step) => step.desired ?? 0);
          expect(after).toBeGreaterThanOrEqual(
            Math.min(before, limits.maxReplicas, Math.max(desired, ...highest)),
          );
        }
      }),
    );
  });

  it('never adds more than a policy allows, counted from where its period began', () => {
    const policy = fc.record({
      value: fc.integer({ min: 1, max: 20 }),
      periodSeconds: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(
        policy,
        demand,
        fc.integer({ min: 1, max: 40 }),
        ({ value, periodSeconds }, totals, start) => {
          const scaleUp = { policies: [{ type: 'Pods' as const, value, periodSeconds }] };
          const steps = play(
            {
              minReplicas: 1,
              maxReplicas: 100,
              behavior: { scaleUp, scaleDown: { stabilizationWindowSeconds: 0 } },
            },
            start,
            totals,
            15,
          );
          for (const { nowSeconds, before, after } of steps) {
            const earlier = steps.filter((step) => step.nowSeconds <= nowSeconds - periodSeconds);
            const atPeriodStart = earlier.at(-1)?.after ?? start;
            expect(after).toBeLessThanOrEqual(Math.max(before, atPeriodStart + value));
          }
        },
      ),
    );
  });

  it('answers the same for the same input', () => {
    fc.assert(
      fc.property(bounds, behavior, demand, ({ start, ...limits }, given, totals) => {
        const spec = { ...limits, ...withBehavior(given) };
        expect(play(spec, start, totals, 15)).toEqual(play(spec, start, totals, 15));
      }),
      { numRuns: 30 },
    );
  });
});
