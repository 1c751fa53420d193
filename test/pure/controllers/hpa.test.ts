import { describe, expect, it } from 'vitest';
import {
  createHpa,
  type Hpa,
  type HpaBehavior,
  type HpaMetric,
  type HpaObservation,
  type HpaSpec,
} from '../../../src/controllers/index.ts';

const spec: HpaSpec = { minReplicas: 1, maxReplicas: 100 };

interface Decision extends Pick<Hpa, 'desired' | 'reason'> {
  readonly replicas: number;
}

function syncOf(hpa: Hpa, observed: HpaObservation): Decision {
  const replicas = hpa.sync(observed);
  return { replicas, desired: hpa.desired, reason: hpa.reason };
}

/** One sync of a controller that remembers nothing yet. */
function decide(
  currentReplicas: number,
  metrics: readonly HpaMetric[],
  overrides: Partial<HpaSpec> = {},
): Decision {
  // A scale-down window would hold the first decision down: the present count is the first recommendation.
  const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
  const hpa = createHpa({ ...spec, behavior, ...overrides });
  return syncOf(hpa, { nowSeconds: 1000, currentReplicas, metrics });
}

/** Syncs at the given times, each with the demand the HPA then sees, from a start count; replicas after each. */
function replay(
  hpaSpec: HpaSpec,
  startReplicas: number,
  target: number,
  syncs: readonly (readonly [atSeconds: number, total: number | undefined])[],
): readonly Decision[] {
  const hpa = createHpa(hpaSpec);
  let currentReplicas = startReplicas;
  return syncs.map(([nowSeconds, total]) => {
    const decision = syncOf(hpa, { nowSeconds, currentReplicas, metrics: [{ total, target }] });
    currentReplicas = decision.replicas;
    return decision;
  });
}

const replicasOf = (decisions: readonly Decision[]) => decisions.map((decision) => decision.replicas);

describe('the metric formula', () => {
  // Kubernetes docs, "Horizontal Pod Autoscaling", Algorithm details: desired = ceil(current × value ÷ target), left
  // alone within 0.1 of 1. For AverageValue of an external metric that is ceil(total ÷ target), worked by hand.
  it.each([
    { current: 1, total: 200, target: 100, replicas: 2, why: 'twice the target doubles' },
    { current: 2, total: 100, target: 100, replicas: 1, why: 'half the target halves' },
    { current: 4, total: 401, target: 100, replicas: 4, why: '401/400 is within tolerance' },
    { current: 10, total: 110, target: 10, replicas: 10, why: 'a ratio of exactly 1.1 is still within' },
    { current: 10, total: 110.001, target: 10, replicas: 12, why: 'just above 1.1 rounds up: 11.0001' },
    { current: 10, total: 110.0004, target: 10, replicas: 10, why: 'a quantity carries three decimals' },
    { current: 10, total: 90, target: 10, replicas: 10, why: 'a ratio of exactly 0.9 is still within' },
    { current: 10, total: 89.999, target: 10, replicas: 9, why: 'just below 0.9 rounds up: 8.9999' },
    { current: 3, total: 0.7, target: 0.1, replicas: 7, why: 'no error of binary fractions' },
    { current: 3, total: 22.222, target: 6.111, replicas: 4, why: '3.636 rounds up (KEDA e2e values)' },
    { current: 5, total: 0, target: 10, replicas: 1, why: 'no demand leaves the minimum' },
  ])(
    '$current replicas, $total at $target each: $replicas ($why)',
    ({ current, total, target, replicas }) => {
      expect(decide(current, [{ total, target }]).replicas).toBe(replicas);
    },
  );

  it('takes the tolerance of the direction from behavior, as Kubernetes 1.33 and newer', () => {
    const sensitive = {
      scaleUp: { tolerance: 0 },
      scaleDown: { stabilizationWindowSeconds: 0, tolerance: 0.5 },
    };
    expect(decide(1, [{ total: 100.1, target: 100 }], { behavior: sensitive }).replicas).toBe(2);
    expect(decide(10, [{ total: 51, target: 10 }], { behavior: sensitive }).replicas).toBe(10);
    expect(decide(10, [{ total: 49, target: 10 }], { behavior: sensitive }).replicas).toBe(5);
  });

  it("uses the controller's tolerance where behavior names none", () => {
    expect(decide(10, [{ total: 115, target: 10 }], { tolerance: 0.2 }).replicas).toBe(10);
    expect(decide(10, [{ total: 105, target: 10 }], { tolerance: 0.01 }).replicas).toBe(11);
  });

  it('compares with the pods that exist but keeps the count that was asked for out of the result', () => {
    const decision = syncOf(createHpa({ ...spec, behavior: {} }), {
      nowSeconds: 0,
      currentReplicas: 10,
      statusReplicas: 8,
      metrics: [{ total: 100, target: 10 }],
    });
    // 100 ÷ (10 × 8) = 1.25 is out of tolerance, and 100 ÷ 10 = 10.
    expect(decision.desired).toBe(10);
  });

  it('scales a Value metric by its ratio to the ready pods', () => {
    const observed = { nowSeconds: 0, currentReplicas: 10, readyReplicas: 6 };
    const metric: HpaMetric = { total: 150, target: 100, type: 'Value' };
    // ceil(1.5 × 6)
    expect(syncOf(createHpa(spec), { ...observed, metrics: [metric] }).desired).toBe(9);
    const near = { ...metric, total: 109 };
    expect(syncOf(createHpa(spec), { ...observed, metrics: [near] }).desired).toBe(10);
  });

  it('takes the largest of several metrics', () => {
    const metrics = [
      { total: 30, target: 10 },
      { total: 50, target: 10 },
    ];
    expect(decide(2, metrics).replicas).toBe(5);
  });
});

describe('a metric that is missing', () => {
  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])('keeps the replicas when it is %s', (total) => {
    expect(decide(7, [{ total, target: 10 }])).toMatchObject({
      replicas: 7,
      desired: undefined,
      reason: 'FailedGetExternalMetric',
    });
  });

  it('lets the others scale up but not down', () => {
    const missing = { total: undefined, target: 10 };
    expect(decide(3, [missing, { total: 60, target: 10 }]).replicas).toBe(6);
    expect(decide(3, [missing, { total: 10, target: 10 }]).replicas).toBe(3);
  });
});

describe('bounds', () => {
  it.each([
    { current: 0, total: 500, replicas: 0, reason: 'ScalingDisabled' },
    { current: 12, total: 500, replicas: 10, reason: 'TooManyReplicas' },
    { current: 1, total: 500, replicas: 2, reason: 'TooFewReplicas' },
    { current: 8, total: 500, replicas: 10, reason: 'TooManyReplicas' },
    { current: 8, total: 1, replicas: 2, reason: 'TooFewReplicas' },
  ])('$current replicas become $replicas ($reason)', ({ current, total, replicas, reason }) => {
    const decision = decide(current, [{ total, target: 10 }], { minReplicas: 2, maxReplicas: 10 });
    expect(decision).toMatchObject({ replicas, reason });
  });
});

describe('stabilization', () => {
  it('waits 300 s with a scale-down by default, from the last high recommendation on', () => {
    const hpa = { ...spec, behavior: {} };
    const decisions = replay(hpa, 4, 10, [
      [0, 40],
      [15, 10],
      [300 - 1, 10],
      [300, 10],
    ]);
    expect(decisions.map(({ replicas, reason }) => [replicas, reason])).toEqual([
      [4, 'DesiredWithinRange'],
      [4, 'ScaleDownStabilized'],
      [4, 'ScaleDownStabilized'],
      [1, 'DesiredWithinRange'],
    ]);
  });

  it('goes down only to the highest recommendation of the window', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    const decisions = replay({ ...spec, behavior }, 10, 10, [
      [0, 100],
      [30, 70],
      [60, 30],
      [90, 30],
    ]);
    expect(replicasOf(decisions)).toEqual([10, 10, 7, 3]);
  });

  it('holds the count a fresh controller finds for a whole window, since it knows of nothing lower', () => {
    expect(
      replicasOf(
        replay({ ...spec, behavior: {} }, 10, 10, [
          [0, 20],
          [299, 20],
          [300, 20],
        ]),
      ),
    ).toEqual([10, 10, 2]);
  });

  it('does not hold a fresh controller to its present count when the window is zero', () => {
    expect(decide(10, [{ total: 20, target: 10 }]).replicas).toBe(2);
  });

  it('goes up only to the lowest recommendation of a scale-up window', () => {
    const behavior = { scaleUp: { stabilizationWindowSeconds: 60, policies: [percent(900)] } };
    const decisions = replay({ ...spec, behavior }, 2, 10, [
      [0, 20],
      [30, 90],
      [60, 50],
      [90, 80],
    ]);
    expect(replicasOf(decisions)).toEqual([2, 2, 5, 5]);
    expect(decisions.at(1)?.reason).toBe('ScaleUpStabilized');
  });
});

describe('scaling policies', () => {
  // Kubernetes docs, "Scaling policies": 4 pods or 10 % per minute, whichever is more; 10 % of 72 is 7.2 and rounds
  // to 8 removed; below 40 replicas the four pods are more.
  it('follows the worked example of the Kubernetes documentation down from 80 replicas', () => {
    const behavior: HpaBehavior = {
      scaleDown: { stabilizationWindowSeconds: 0, policies: [pods(4, 60), percent(10, 60)] },
    };
    const syncs = Array.from({ length: 12 }, (_, minute) => [minute * 60, 100] as const);
    const decisions = replay({ ...spec, behavior }, 80, 10, syncs);
    expect(replicasOf(decisions)).toEqual([72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16]);
    expect(decisions.at(0)?.reason).toBe('ScaleDownLimit');
  });

  // KEP-853 (configurable HPA velocity), story 1: 900 % at a time means 1 → 10 → 100 → 1000.
  it('grows tenfold a period with 900 percent', () => {
    const behavior = { scaleUp: { policies: [percent(900)] } };
    const syncs = [0, 15, 30, 45].map((at) => [at, 100_000] as const);
    const decisions = replay({ ...spec, maxReplicas: 5000, behavior }, 1, 10, syncs);
    expect(replicasOf(decisions)).toEqual([10, 100, 1000, 5000]);
  });

  it('rounds a percentage up, so that a small fleet can grow at all', () => {
    const behavior = { scaleUp: { policies: [percent(50)] } };
    expect(decide(1, [{ total: 100, target: 10 }], { behavior }).replicas).toBe(2);
    expect(decide(3, [{ total: 100, target: 10 }], { behavior }).replicas).toBe(5);
  });

  it('adds 4 pods or doubles per 15 s by default, whichever is more', () => {
    const syncs = [0, 15, 30, 45].map((at) => [at, 1000] as const);
    const decisions = replay({ ...spec, behavior: {} }, 1, 10, syncs);
    expect(replicasOf(decisions)).toEqual([5, 10, 20, 40]);
    expect(decisions.at(0)?.reason).toBe('ScaleUpLimit');
  });

  it('counts what was added earlier in the same period', () => {
    const behavior = { scaleUp: { policies: [pods(4, 60)] } };
    const decisions = replay({ ...spec, behavior }, 2, 10, [
      [0, 40],
      [30, 1000],
      [59, 1000],
      [60, 1000],
      [90, 1000],
    ]);
    // 2 of 4 used at 0; 2 more at 30; none left at 59; those of 0 are free again at 60, those of 30 at 90.
    expect(replicasOf(decisions)).toEqual([4, 6, 6, 8, 10]);
  });

  it('gives back what was removed in the same period', () => {
    const behavior = {
      scaleUp: { policies: [pods(1, 60)] },
      scaleDown: { stabilizationWindowSeconds: 0, policies: [pods(5, 60)] },
    };
    const decisions = replay({ ...spec, behavior }, 10, 10, [
      [0, 50],
      [15, 200],
    ]);
    // The period began with 10 and may end with 11.
    expect(replicasOf(decisions)).toEqual([5, 11]);
  });

  it('takes the smaller change with selectPolicy Min', () => {
    const up = { selectPolicy: 'Min', policies: [pods(3, 15), percent(100, 15)] } as const;
    const down = { ...up, stabilizationWindowSeconds: 0 };
    const behavior: HpaBehavior = { scaleUp: up, scaleDown: down };
    expect(decide(10, [{ total: 1000, target: 10 }], { behavior }).replicas).toBe(13);
    expect(decide(2, [{ total: 1000, target: 10 }], { behavior }).replicas).toBe(4);
    expect(decide(10, [{ total: 10, target: 10 }], { behavior }).replicas).toBe(7);
  });

  it('does not move in a direction that is disabled', () => {
    const behavior: HpaBehavior = {
      scaleUp: { selectPolicy: 'Disabled' },
      scaleDown: { selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 },
    };
    expect(decide(10, [{ total: 1000, target: 10 }], { behavior })).toMatchObject({
      replicas: 10,
      reason: 'ScaleUpLimit',
    });
    expect(decide(10, [{ total: 10, target: 10 }], { behavior })).toMatchObject({
      replicas: 10,
      reason: 'ScaleDownLimit',
    });
  });
});

describe('an HPA without behavior', () => {
  // horizontal.go, calculateScaleUpLimit: max(2 × current, 4); --horizontal-pod-autoscaler-downscale-stabilization 5m.
  it('grows to double or 4 per sync', () => {
    const syncs = [0, 15, 30].map((at) => [at, 1000] as const);
    expect(replicasOf(replay(spec, 1, 10, syncs))).toEqual([4, 8, 16]);
  });

  it('comes down after 300 s, at once', () => {
    const decisions = replay(spec, 40, 10, [
      [0, 400],
      [15, 10],
      [300, 10],
      [301, 10],
    ]);
    expect(replicasOf(decisions)).toEqual([40, 40, 40, 1]);
  });

  it('goes on towards an earlier wish that a limit had cut short', () => {
    const decisions = replay(spec, 1, 10, [
      [0, 100],
      [15, 20],
      [30, 20],
    ]);
    expect(replicasOf(decisions)).toEqual([4, 8, 10]);
  });
});

function pods(value: number, periodSeconds = 15) {
  return { type: 'Pods', value, periodSeconds } as const;
}

function percent(value: number, periodSeconds = 15) {
  return { type: 'Percent', value, periodSeconds } as const;
}
