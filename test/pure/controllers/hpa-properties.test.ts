import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideReplicas,
  type HpaBehavior,
  type HpaSpec,
  initialHpaState,
  type ScalingRules,
} from '../../../src/controllers/index.ts';

const target = 10;

interface Step {
  readonly nowSeconds: number;
  readonly before: number;
  readonly desired: number | undefined;
  readonly after: number;
  readonly remembered: number;
}

/** Plays demand through the HPA, with every input frozen, and keeps what was seen. */
function play(
  spec: HpaSpec,
  startReplicas: number,
  demand: readonly (number | undefined)[],
  syncSeconds: number,
): readonly Step[] {
  let state = initialHpaState;
  let before = startReplicas;
  return demand.map((total, index) => {
    const nowSeconds = index * syncSeconds;
    const metrics = [{ total, target }];
    const decision = decideReplicas(deepFreeze(spec), deepFreeze(state), {
      nowSeconds,
      currentReplicas: before,
      metrics,
    });
    const { recommendations, events } = decision.state;
    const remembered = recommendations.length + events.up.length + events.down.length;
    const step = { nowSeconds, before, desired: decision.desired, after: decision.replicas, remembered };
    state = decision.state;
    before = decision.replicas;
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

const policies = fc.array(
  fc.record({
    type: fc.constantFrom('Pods' as const, 'Percent' as const),
    value: fc.integer({ min: 1, max: 200 }),
    periodSeconds: fc.integer({ min: 1, max: 120 }),
  }),
  { minLength: 1, maxLength: 3 },
);
const rules: fc.Arbitrary<ScalingRules> = fc.record(
  {
    stabilizationWindowSeconds: fc.integer({ min: 0, max: 120 }),
    selectPolicy: fc.constantFrom('Max' as const, 'Min' as const, 'Disabled' as const),
    policies,
    tolerance: fc.double({ min: 0, max: 0.5, noNaN: true }),
  },
  { requiredKeys: [] },
);
const behavior: fc.Arbitrary<HpaBehavior | undefined> = fc.option(
  fc.record({ scaleUp: rules, scaleDown: rules }, { requiredKeys: [] }),
  { nil: undefined },
);
const demand = fc.array(fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: undefined }), {
  minLength: 1,
  maxLength: 60,
});
const bounds = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(60))
  .map(([a, b, start]) => ({ minReplicas: Math.min(a, b), maxReplicas: Math.max(a, b), start: start + 1 }));

const withBehavior = (given: HpaBehavior | undefined) => (given === undefined ? {} : { behavior: given });

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

  it('remembers no more than its windows and periods can reach', () => {
    fc.assert(
      fc.property(bounds, behavior, ({ start, ...limits }, given) => {
        const totals = Array.from({ length: 400 }, (_, index) => (index % 7) * 60);
        const steps = play({ ...limits, ...withBehavior(given) }, start, totals, 15);
        // 300 s of recommendations and at most 120 s of changes either way, one each per 15 s, edges included.
        expect(Math.max(...steps.map((step) => step.remembered))).toBeLessThanOrEqual(22 + 2 * 10);
      }),
      { numRuns: 30 },
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
