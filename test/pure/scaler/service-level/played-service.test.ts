import { describe, expect, it } from 'vitest';
import { createVirtualFleet } from '../../../../src/controllers/index.ts';
import { createForecaster } from '../../../../src/forecast/index.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { raiseOverTolerance, withHeadroom } from '../../../../src/scaler/decision/policy.ts';
import { createPlayedService, unplayedService } from '../../../../src/scaler/service-level/played-service.ts';
import type { ServiceRule } from '../../../../src/scaler/service-level/service-rule.ts';

const rule: ServiceRule = {
  threshold: 10,
  capacity: 10,
  hpaTolerance: 0.1,
  knowsReplicas: false,
  serviceLevel: 0.99,
  windowSeconds: 400,
  leadTimeSeconds: 300,
  settleSeconds: 60,
  rateWindowSeconds: 60,
  scrapeIntervalSeconds: 15,
  seasonSeconds: 86_400,
};
const minute = 60;
const day = 1_440;

type Traffic = (minuteOfAll: number, random: () => number) => number;

/** Mean 200, quiet nights, noise of some percent. */
const daily: Traffic = (i, random) =>
  200 * (1 - 0.7 * Math.cos((2 * Math.PI * i) / day)) * (0.97 + 0.06 * random());
/** Bursts at any time, up to three times as high, that last some minutes. */
const bursty = () => {
  let left = 0;
  let height = 1;
  return (_i: number, random: () => number) => {
    if (left-- <= 0 && random() < 0.01) {
      left = 5 + 8 * random();
      height = 1 + 2 * random();
    }
    return 150 * (left > 0 ? height : 1) * (0.97 + 0.06 * random());
  };
};

/** Learns `days` of traffic, and serves its last half by a judge of its own: fleet, observation and signal are made anew. */
function served(traffic: Traffic, days: number, given: Partial<ServiceRule> = {}, seed = 5) {
  const rules = { ...rule, ...given };
  const random = createRandom(seed);
  const forecaster = createForecaster({ stepSeconds: minute });
  const service = createPlayedService(rules);
  const fleet = createVirtualFleet({
    target: rules.threshold,
    minReplicas: 1,
    maxReplicas: 10_000,
    behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
    startUpSeconds: rules.leadTimeSeconds,
    initialReplicas: 40,
  });
  const result = { short: 0, ticks: 0, replicas: 0, trust: [] as number[], asked: [] as number[] };
  let before = 0;
  for (let i = 0; i < days * day; i++) {
    const value = traffic(i, random);
    const state = service.state() ?? unplayedService(rules.serviceLevel);
    const peak = forecaster.peak({
      windowSeconds: rules.windowSeconds,
      leadSeconds: 90,
      quantiles: [state.asked.level],
    });
    const bound =
      peak.status === 'ok' ? state.asked.factor * (peak.quantiles[String(state.asked.level)] ?? 0) : 0;
    const highest = Math.max(before, state.recentMaximum(i * minute));
    const reactive = withHeadroom(highest, state.headroom, state.usualDemand);
    const planned = Math.max(bound, state.asked.margin * before);
    const wanted = Math.max(before, state.trust * planned + (1 - state.trust) * reactive);
    for (let tick = 1; tick <= 4; tick++) {
      const now = (i - 1) * minute + tick * 15;
      if (i >= (days * day) / 2) {
        result.ticks++;
        result.replicas += fleet.existingReplicas;
        if (value > fleet.readyReplicas(now) * rules.capacity) result.short++;
      }
      fleet.sync(now, raiseOverTolerance(wanted, rules.threshold, rules.hpaTolerance));
    }
    if (i % day === 0) {
      result.trust.push(state.trust);
      result.asked.push(state.asked.level);
    }
    service.follow(i * minute, value, forecaster);
    forecaster.observe(i * minute, value);
    before = value;
  }
  return { ...result, shortShare: result.short / result.ticks, service, forecaster };
}

describe('on traffic with a pattern', () => {
  const { shortShare, service, trust } = served(daily, 14);

  it('the service that is achieved is the one that was promised', () => {
    expect(shortShare).toBeGreaterThan(0.005);
    expect(shortShare).toBeLessThan(0.0125);
  });

  it('the service is told as it was achieved, beside what the reactive rule would have brought', () => {
    const { seconds = 0, forescale, reactive } = service.served()?.last(7 * day * minute) ?? {};
    expect(seconds).toBeGreaterThan(6.9 * day * minute);
    expect(Math.abs((forescale?.shortSeconds ?? 0) / seconds - shortShare)).toBeLessThan(0.003);
    expect((reactive?.shortSeconds ?? 0) / seconds).toBeGreaterThan(0.1);
  });

  it('the forecast is served all the time', () => {
    expect(new Set(trust)).toEqual(new Set([1]));
  });

  it('less service costs less', () => {
    const costs = [0.95, 0.99, 0.999].map((serviceLevel) => served(daily, 6, { serviceLevel }).replicas);
    expect(costs[0]).toBeLessThan(costs[1] ?? 0);
    expect(costs[1]).toBeLessThan(costs[2] ?? 0);
  });
});

describe('on traffic without a pattern', () => {
  it('the reactive rule with headroom takes over, and the service is the promised one all the same', () => {
    const { shortShare, trust, service, replicas, ticks } = served(bursty(), 14);
    expect(shortShare).toBeGreaterThan(0.005);
    expect(shortShare).toBeLessThan(0.0125);
    expect(trust.at(-1)).toBe(0);
    const { seconds = 0, forescale } = service.served()?.last(7 * day * minute) ?? {};
    expect(Math.abs((forescale?.shortSeconds ?? 0) / seconds - shortShare)).toBeLessThan(0.003);
    expect((forescale?.replicaSeconds ?? 0) / seconds / (replicas / ticks)).toBeCloseTo(1, 1);
    expect(service.state()?.headroom).toBeGreaterThan(1.2);
    expect(service.state()?.headroom).toBeLessThan(3);
  });
});

describe('what nobody could foresee', () => {
  const spoiled =
    (from: number, minutes: number, factor: number): Traffic =>
    (i, random) => {
      const value = daily(i, random);
      return i >= from && i < from + minutes ? factor * value : value;
    };
  const days = 8;
  /** The level moves by chance too, by the few short minutes of each day, which several runs even out. */
  const seeds = [5, 6, 7];
  const clean = seeds.map((seed) => served(daily, days, {}, seed).asked);
  /** Nines of the level asked for at midnight, day by day, above those of the same traffic without the incident: means over the runs. */
  const difference = (incident: Traffic) => {
    const runs = seeds.map((seed, run) =>
      served(incident, days, {}, seed).asked.map((level, i) =>
        Math.log10((1 - (clean[run]?.[i] ?? 0)) / (1 - level)),
      ),
    );
    return Array.from(
      { length: days },
      (_, i) => runs.reduce((sum, run) => sum + (run[i] ?? 0), 0) / runs.length,
    );
  };

  it('moves the level asked for by a quarter of a nine at most, and is forgotten within three days but for chance', () => {
    for (const incident of [spoiled(4 * day + 700, 120, 2.5), spoiled(4 * day + 700, 5, 1e9)]) {
      const nines = difference(incident);
      expect(Math.max(...nines.map(Math.abs))).toBeLessThan(0.25);
      expect(Math.abs(nines[7] ?? 1)).toBeLessThan(0.15);
    }
  });

  it('learns nothing while demand is unknown', () => {
    const { service, forecaster } = served(daily, 3);
    const before = service.state()?.asked;
    for (let i = 3 * day; i < 4 * day; i++) service.follow(i * minute, Number.NaN, forecaster);
    expect(service.state()?.asked).toEqual(before);
  });
});

it('is a function of the rows: played again, it asks for the same', () => {
  const [first, second] = [served(daily, 3), served(daily, 3)];
  expect(second.service.state()?.asked).toEqual(first.service.state()?.asked);
  expect(second.asked).toEqual(first.asked);
});
