import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createForecaster, restoreState, savedState } from '../../../../src/forecast/index.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { createPlayedService } from '../../../../src/scaler/service-level/played-service.ts';
import type { ServiceRule } from '../../../../src/scaler/service-level/service-rule.ts';
import { type RandomTrace, randomTrace } from '../../forecast/core/random-trace.ts';

/** Rules under which the forecast is served, mixed with the reactive rule, or not served. */
function rulesOf({ options: { stepSeconds, seasonsSeconds } }: RandomTrace): ServiceRule[] {
  const seasonSeconds = seasonsSeconds?.[0] ?? 86_400;
  const rule: ServiceRule = {
    threshold: 10,
    capacity: 12,
    hpaTolerance: 0.1,
    knowsReplicas: false,
    serviceLevel: 0.99,
    windowSeconds: 5 * stepSeconds,
    leadTimeSeconds: 2 * stepSeconds,
    settleSeconds: stepSeconds,
    rateWindowSeconds: 2 * stepSeconds,
    scrapeIntervalSeconds: stepSeconds / 4,
    seasonSeconds,
  };
  return [rule, { ...rule, threshold: 2, capacity: 2, knowsReplicas: true, serviceLevel: 0.6 }];
}

/** A forecaster and the plays beside it, which can be stopped and go on as others. */
function plays({ options }: RandomTrace, rules: readonly ServiceRule[], saved: readonly Uint8Array[] = []) {
  const forecaster = createForecaster(options);
  const services = rules.map((rule) => createPlayedService(rule));
  const parts = [forecaster, ...services];
  for (const [index, bytes] of saved.entries()) {
    const part = parts[index];
    if (part !== undefined) restoreState(part, bytes);
  }
  return {
    services,
    saved: () => parts.map(savedState),
    learn(unixSeconds: number, value: number, isCensored: boolean) {
      for (const service of services) service.follow(unixSeconds, value, forecaster);
      forecaster.observe(unixSeconds, value, isCensored);
    },
    told: () =>
      services.map((service) => {
        const { recentMaximum, ...state } = service.state() ?? { recentMaximum: () => 0 };
        return { ...state, recent: recentMaximum(forecaster.newestSeconds), all: service.served()?.total() };
      }),
  };
}

describe('played service that goes on from a saved state', () => {
  const trusts = new Set<number>();

  it.each(Array.from({ length: 10 }, (_, seed) => seed))(
    'tells to the bit what one that never stopped does, trace %i',
    (seed) => {
      const trace = randomTrace(seed);
      const rules = rulesOf(trace);
      const random = createRandom(seed);
      const steady = plays(trace, rules);
      let stopped = plays(trace, rules);
      for (const row of trace.rows) {
        steady.learn(...row);
        stopped.learn(...row);
        for (const service of steady.services) trusts.add(service.state()?.trust ?? -1);
        if (random() < 30 / trace.rows.length) stopped = plays(trace, rules, stopped.saved());
      }
      expect(isDeepStrictEqual(stopped.saved(), steady.saved())).toBe(true);
      expect(stopped.told()).toEqual(steady.told());
    },
  );

  it('was tried on plays in which the forecast is served, and on those in which it is not', () => {
    expect(trusts).toContain(-1);
    expect(trusts).toContain(1);
    expect(Math.min(...[...trusts].filter((trust) => trust >= 0))).toBeLessThan(1);
  });
});
