import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualFleet } from '../../../src/controllers/index.ts';
import { behavior, bounds, withBehavior } from './random-hpa.ts';
import { createReference } from './reference-hpa.ts';

const target = 10;

describe('a fleet in virtual time', () => {
  it('takes the same steps as the rules of Kubernetes looked up anew, in 40,000 random syncs', () => {
    const walk = fc.array(
      fc.record({
        laterSeconds: fc.constantFrom(15, 15, 15, 15, 5, 30, 60),
        total: fc.oneof(
          { weight: 20, arbitrary: fc.double({ min: 0, max: 400, noNaN: true }) },
          {
            weight: 5,
            arbitrary: fc.integer({ min: 0, max: 50 }).map((replicas) => replicas * target * 1.1),
          },
          { weight: 1, arbitrary: fc.constant(Number.NaN) },
        ),
      }),
      { minLength: 40, maxLength: 120, size: 'max' },
    );
    const tolerance = fc.option(fc.constantFrom(0, 0.05, 0.1, 0.3), { nil: undefined });
    const startUp = fc.integer({ min: 0, max: 400 });
    let syncs = 0;
    let changes = 0;
    fc.assert(
      fc.property(
        bounds,
        behavior,
        tolerance,
        startUp,
        walk,
        ({ start, ...limits }, given, tolerances, startUpSeconds, steps) => {
          const spec = { ...limits, ...withBehavior(given), tolerance: tolerances };
          const fleet = createVirtualFleet({ ...spec, target, startUpSeconds, initialReplicas: start });
          const reference = createReference(spec, target, startUpSeconds, start);
          let nowSeconds = 1_700_000_000;
          for (const { laterSeconds, total } of steps) {
            nowSeconds += laterSeconds;
            const before = fleet.existingReplicas;
            fleet.sync(nowSeconds, total);
            reference.sync(nowSeconds, total);
            expect([fleet.existingReplicas, fleet.readyReplicas(nowSeconds)]).toEqual([
              reference.existing(),
              reference.ready(nowSeconds),
            ]);
            syncs++;
            if (fleet.existingReplicas !== before) changes++;
          }
        },
      ),
      { numRuns: 600 },
    );
    expect(syncs).toBeGreaterThan(40_000);
    expect(changes).toBeGreaterThan(2_000);
  });

  it('is scaled to zero and woken beside the HPA, which leaves a fleet without replicas alone', () => {
    const fleet = createVirtualFleet({ target, minReplicas: 1, maxReplicas: 10, startUpSeconds: 60 });
    fleet.scaleTo(0, 0);
    fleet.sync(15, 50);
    expect(fleet.existingReplicas).toBe(0);
    fleet.scaleTo(1, 30);
    expect([fleet.readyReplicas(89), fleet.readyReplicas(90)]).toEqual([0, 1]);
  });
});
