import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decision, reactiveReason } from '../../../../src/forecast/index.ts';
import {
  decide,
  decisionWindowSeconds,
  raiseOverTolerance,
  type ScalingPolicy,
  type Situation,
} from '../../../../src/scaler/decision/policy.ts';
import { usualPolicy } from './usual-policy.ts';

const policy: ScalingPolicy = { ...usualPolicy, activationThreshold: 5, windowSeconds: 220 };
const now = 1_000_000;
const forecast = {
  kind: 'forecast',
  bound: 80,
  median: 60,
  credibleMaximum: 100,
  dataAgeSeconds: 30,
} as const;
/** The service of a workload of which the forecast is trusted. */
const trusted = {
  askedLevel: 0.97,
  askedFactor: 1,
  margin: 1,
  headroom: 1,
  usualDemand: 0,
  recentMaximum: 0,
  trust: 1,
};
const none = { kind: 'none', reasons: ['has 6h of history, needs 2d'] } as const;

function situation(given: Partial<Situation> = {}): Situation {
  return {
    nowSeconds: now,
    observed: { value: 30, atSeconds: now - 5 },
    forecast,
    service: trusted,
    lastGood: undefined,
    ...given,
  };
}

describe('decide', () => {
  it('serves the bound of the coming peak when it is above what is observed', () => {
    expect(decide(situation(), policy)).toMatchObject({
      signal: 80,
      basis: 'forecast',
      active: true,
      fallbackReasons: [],
    });
  });

  it('serves the observed demand when the forecast is lower', () => {
    const observed = { value: 95, atSeconds: now };
    expect(decide(situation({ observed }), policy)).toMatchObject({ signal: 95, basis: 'observed' });
  });

  it('serves the observed demand while there is no forecast, and says why', () => {
    expect(decide(situation({ forecast: none }), policy)).toMatchObject({
      signal: 30,
      basis: 'observed',
      fallbackReasons: none.reasons,
    });
  });

  it('takes an observation that lies far ahead of a clock that went back for no more than an old one', () => {
    const ahead = (seconds: number) => ({ observed: { value: 30, atSeconds: now + seconds } });
    expect(decide(situation(ahead(60)), policy)).toMatchObject({ fresh: false });
    expect(decide(situation(ahead(86_400)), policy)).toBeUndefined();
  });

  it('serves the observed demand in reactive mode, and still reports the predicted peak', () => {
    expect(decide(situation(), { ...policy, mode: 'reactive' })).toMatchObject({
      signal: 30,
      predictedPeak: 80,
      fallbackReasons: [reactiveReason],
    });
  });

  it('keeps a margin over the observed demand where the forecast is hardly above it', () => {
    const service = { ...trusted, margin: 1.2 };
    const at = (value: number) => decide(situation({ service, observed: { value, atSeconds: now } }), policy);
    expect(at(30)).toMatchObject({ signal: 80, basis: 'forecast' });
    expect(at(75)).toMatchObject({ signal: 90, wanted: 90, margin: 1.2, basis: 'margin' });
    // Neither without a forecast nor above what is credible is anything multiplied.
    expect(decide(situation({ service, forecast: none }), policy)).toMatchObject({ signal: 30 });
    expect(at(280)).toMatchObject({ signal: 300, wanted: 336 });
    expect(at(400)).toMatchObject({ signal: 400 });
  });

  it('lets a forecast that lost its trust fade towards the reactive rule with its headroom', () => {
    const service = { ...trusted, headroom: 1.2, usualDemand: 35, recentMaximum: 35 };
    const at = (trust: number) => decide(situation({ service: { ...service, trust } }), policy);
    expect(at(1)).toMatchObject({ signal: 80, wanted: 80, basis: 'forecast', fallbackReasons: [] });
    expect(at(0.5)).toMatchObject({ signal: 61, trust: 0.5, basis: 'forecast' });
    expect(at(0)).toMatchObject({ signal: 42, headroom: 1.2, basis: 'headroom' });
    expect(at(0)?.fallbackReasons).toEqual([
      'at the same service the forecast has lately cost more than the reactive rule',
    ]);
  });

  it('cuts the headroom of the reactive rule to what is credible, and has none without a forecast', () => {
    const service = { ...trusted, headroom: 20, usualDemand: 40, recentMaximum: 40, trust: 0 };
    expect(decide(situation({ service }), policy)).toMatchObject({ signal: 300, wanted: 800 });
    expect(decide(situation({ service }), { ...policy, mode: 'reactive' })).toMatchObject({ signal: 30 });
    // Nothing tells whether what is observed is credible, and a glitch must not be multiplied.
    const glitch = { observed: { value: 1e12, atSeconds: now }, forecast: none, service };
    expect(decide(situation(glitch), policy)).toMatchObject({ signal: 1e12, basis: 'observed' });
  });

  it('wakes a workload by the forecast however little it is trusted with levels', () => {
    const asleep = { observed: { value: 0, atSeconds: now }, service: { ...trusted, trust: 0 } };
    expect(decide(situation(asleep), policy)).toMatchObject({ active: true });
    expect(decide(situation(asleep), { ...policy, mode: 'reactive' })).toMatchObject({ active: false });
  });

  it('asks for no replica because of what arithmetic adds to a constant demand', () => {
    const constant = { ...forecast, bound: 30.000000000000004, median: 30 };
    expect(decide(situation({ forecast: constant }), { ...policy, hpaTolerance: 0.1 })).toMatchObject({
      signal: 30,
    });
    expect(raiseOverTolerance(30.000000000000004, 10, 0.1)).toBeLessThan(30.001);
  });

  it('caps the forecast at three times the highest credible history, but never what is observed', () => {
    const wild = { ...forecast, bound: 1e9 };
    expect(decide(situation({ forecast: wild }), policy)).toMatchObject({ signal: 300 });
    expect(
      decide(situation({ forecast: wild, observed: { value: 900, atSeconds: now } }), policy),
    ).toMatchObject({ signal: 900 });
  });

  it('raises the observed demand however far it is above the cap, so that the replica it needs is asked for', () => {
    const low = { ...forecast, bound: 1, median: 1, credibleMaximum: 10 };
    const burst = situation({ forecast: low, observed: { value: 41, atSeconds: now } });
    const { signal = 0 } = decide(burst, { ...policy, hpaTolerance: 0.1 }) ?? {};
    // An HPA with four replicas of 10 ignores up to 44.
    expect(signal).toBeGreaterThan(44);
    expect(signal).toBeLessThan(44.01);
  });

  it('is active when demand is observed above the activation threshold, not at it', () => {
    const quiet = { ...forecast, bound: 0, median: 0 };
    expect(
      decide(situation({ forecast: quiet, observed: { value: 5, atSeconds: now } }), policy)?.active,
    ).toBe(false);
    expect(
      decide(situation({ forecast: quiet, observed: { value: 5.1, atSeconds: now } }), policy)?.active,
    ).toBe(true);
  });

  it('wakes a sleeping workload when demand above the activation threshold is likely within the window', () => {
    const asleep = { value: 0, atSeconds: now };
    expect(
      decide(situation({ forecast: { ...forecast, bound: 9, median: 6 }, observed: asleep }), policy)?.active,
    ).toBe(true);
    expect(
      decide(situation({ forecast: { ...forecast, bound: 9, median: 4 }, observed: asleep }), policy)?.active,
    ).toBe(false);
  });

  it('sleeps below the activation threshold whatever the signal asks for, as KEDA has it', () => {
    const observed = { value: 40, atSeconds: now };
    const strict = { ...policy, activationThreshold: 50 };
    expect(decide(situation({ forecast: none, observed }), strict)).toMatchObject({
      signal: 40,
      active: false,
    });
    const likely = { ...forecast, bound: 90, median: 45 };
    expect(decide(situation({ forecast: likely, observed }), strict)).toMatchObject({
      signal: 90,
      active: false,
    });
  });

  it('takes noise for no demand: below three decimals, or below a thousandth of the threshold', () => {
    const activeAt = (value: number, median: number, threshold = 10) =>
      decide(
        situation({ observed: { value, atSeconds: now }, forecast: { ...forecast, bound: median, median } }),
        { ...policy, threshold, activationThreshold: 0 },
      )?.active;
    for (const noise of [1e-308, 1.08e-9, 5.1e-4, 0.0099]) {
      expect(activeAt(0, noise)).toBe(false);
      expect(activeAt(noise, 0)).toBe(false);
    }
    expect(activeAt(0, 0.01)).toBe(true);
    expect(activeAt(0.01, 0)).toBe(true);
    expect(activeAt(0, 9e-4, 0.1)).toBe(false);
    expect(activeAt(0, 1e-3, 0.1)).toBe(true);
  });

  it('holds no single sample that nothing confirms while blind, and holds one that came twice', () => {
    const lastGood = decide(
      situation({ nowSeconds: now - 60, observed: { value: 30, atSeconds: now - 60 } }),
      policy,
    );
    const glitch = (previousValue: number | undefined) =>
      decide(situation({ observed: { value: 1e12, atSeconds: now - 60, previousValue }, lastGood }), policy);
    expect(glitch(30)).toMatchObject({ signal: 80, fresh: false, active: true });
    expect(glitch(undefined)).toMatchObject({ signal: 80 });
    // Where nothing was confirmed yet, what the history makes credible is held: three times 100.
    const first = { value: 1e12, atSeconds: now - 60, previousValue: 30 };
    expect(
      decide(situation({ observed: first, forecast: { ...forecast, bound: 0, median: 0 } }), policy),
    ).toMatchObject({
      signal: 300,
      fresh: false,
    });
    expect(glitch(0.9e12)).toMatchObject({ signal: 1e12 });
    // While it is fresh it is what is observed, and served.
    expect(
      decide(situation({ observed: { value: 1e12, atSeconds: now, previousValue: 30 } }), policy),
    ).toMatchObject({ signal: 1e12, fresh: true });
  });

  it('holds what one replica carries while blind, however little the history makes credible', () => {
    const observed = { value: 500, atSeconds: now - 60 };
    for (const credibleMaximum of [0, 5e-324, 1e-9, 1]) {
      const little = { ...forecast, bound: 0, median: 0, credibleMaximum };
      const decision = decide(situation({ observed, forecast: little }), policy);
      expect(decision).toMatchObject({ signal: policy.threshold, active: true, fresh: false });
    }
  });

  it('holds the last good signal while blind, and rises with the forecast', () => {
    const lastGood = decide(
      situation({ nowSeconds: now - 60, observed: { value: 30, atSeconds: now - 60 } }),
      policy,
    );
    const observed = { value: 30, atSeconds: now - 60 };
    const lower = { ...forecast, bound: 40 };
    expect(decide(situation({ observed, lastGood, forecast: lower }), policy)).toMatchObject({
      signal: 80,
      basis: 'last-good',
      fresh: false,
      active: true,
    });
    expect(
      decide(situation({ observed, lastGood, forecast: { ...forecast, bound: 90 } }), policy),
    ).toMatchObject({ signal: 90 });
  });

  it('keeps a workload awake that was awake when sight was lost', () => {
    const lastGood = { ...(decide(situation(), policy) as Decision), active: true };
    const observed = { value: 0, atSeconds: now - 100 };
    expect(decide(situation({ observed, lastGood, forecast: none }), policy)?.active).toBe(true);
  });

  it('says nothing when nothing was observed, or too long ago', () => {
    expect(decide(situation({ observed: undefined }), policy)).toBeUndefined();
    expect(decide(situation({ observed: { value: 30, atSeconds: now - 1801 } }), policy)).toBeUndefined();
  });

  it('never serves less than is observed, never anything that is not a finite number of at least zero', () => {
    const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
    const anyForecast = fc.oneof(
      fc.constant(none),
      fc.record({
        kind: fc.constant('forecast' as const),
        bound: amount,
        median: amount,
        trust: fc.double({ min: 0, max: 1, noNaN: true }),
        credibleMaximum: amount,
        dataAgeSeconds: fc.constant(30),
      }),
    );
    fc.assert(
      fc.property(
        amount,
        anyForecast,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(1800),
        (value, f, hpaTolerance, age) => {
          const decision = decide(situation({ observed: { value, atSeconds: now - age }, forecast: f }), {
            ...policy,
            hpaTolerance,
          });
          expect(Number.isFinite(decision?.signal)).toBe(true);
          const isHeld = age > policy.freshSeconds && f.kind === 'forecast' && value > 3 * f.credibleMaximum;
          expect(decision?.signal).toBeGreaterThanOrEqual(isHeld ? 0 : value);
        },
      ),
    );
  });
});

describe('raiseOverTolerance', () => {
  /** The HPA's own rule on what KEDA hands on, written independently: GetExternalPerPodMetricReplicas. */
  function hpaReplicas(value: number, target: number, replicas: number, tolerance: number): number {
    const usageRatio = Number(value.toFixed(3)) / (target * replicas);
    return Math.abs(usageRatio - 1) <= tolerance ? replicas : Math.ceil(value / target);
  }

  it('makes an HPA that is one replica short scale up, and never doubles the demand', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 500, noNaN: true }),
        fc.constantFrom(1, 7.5, 100),
        (needed, target) => {
          const demand = needed * target;
          const raised = raiseOverTolerance(demand, target, 0.1);
          expect(raised).toBeGreaterThanOrEqual(demand);
          expect(raised).toBeLessThanOrEqual(demand * 1.1 * (1 + 1e-6) + 0.001);
          const replicas = Math.ceil(demand / target);
          if (replicas > 1)
            expect(hpaReplicas(raised, target, replicas - 1, 0.1)).toBeGreaterThanOrEqual(replicas);
        },
      ),
    );
  });

  it('survives the three decimals KEDA leaves of a value', () => {
    // 56.2 needs 8 replicas of 8; 1.1 × 7 × 8 = 61.6 would leave an HPA at 7 where it is.
    expect(hpaReplicas(raiseOverTolerance(56.2, 8, 0.1), 8, 7, 0.1)).toBe(8);
  });

  it('stays finite where demand in targets is more than a number can hold', () => {
    expect(raiseOverTolerance(30, 1e-308, 0.1)).toBe(30);
    expect(raiseOverTolerance(Number.MAX_VALUE, 1e307, 1)).toBe(Number.MAX_VALUE);
  });

  it('leaves the demand alone when the tolerance is zero', () => {
    expect(raiseOverTolerance(95, 10, 0)).toBe(95);
  });

  it('raises half as much where there are enough replicas, and all the same where there are too few', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 500, noNaN: true }),
        fc.constantFrom(1, 7.5, 100),
        fc.integer({ min: 0, max: 600 }),
        (targets, target, replicas) => {
          const demand = targets * target;
          const raised = raiseOverTolerance(demand, target, 0.1, replicas);
          const needed = Math.ceil(demand / target);
          const wanted = raiseOverTolerance(demand, target, replicas < needed ? 0.1 : 0.05);
          expect(raised).toBeCloseTo(wanted, 6);
          if (replicas > 0 && replicas < needed)
            expect(hpaReplicas(raised, target, replicas, 0.1)).toBeGreaterThanOrEqual(needed);
        },
      ),
    );
  });
});

describe('the decision window', () => {
  const lags = {
    scrapeIntervalSeconds: 15,
    refreshIntervalSeconds: 10,
    kedaPollingSeconds: 30,
    hpaSyncSeconds: 15,
  };

  it('is the lead time, half the rate window and every delay on the way', () => {
    const trigger = { rateWindowSeconds: 60, leadTimeSeconds: 120, peakWindowSeconds: undefined };
    expect(decisionWindowSeconds(trigger, lags)).toBe(120 + 30 + 15 + 10 + 30 + 15);
  });

  it('can be made wider, never narrower', () => {
    const trigger = { rateWindowSeconds: 0, leadTimeSeconds: 120, peakWindowSeconds: 7200 };
    expect(decisionWindowSeconds(trigger, lags)).toBe(7200);
    expect(decisionWindowSeconds({ ...trigger, peakWindowSeconds: 5 }, lags)).toBe(190);
  });
});
