import { expect, it } from 'vitest';
import type { DemandModel, Forecaster, RowFollower } from '../../../../src/forecast/index.ts';
import { followService } from '../../../../src/scaler/service-level/followed-service.ts';
import type { ServiceRule } from '../../../../src/scaler/service-level/service-rule.ts';

const minute = 60;
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

/** A model whose followers read rows of 100 when the test says so, beside a forecaster whose bound is always 150. */
function createModel() {
  const followers = new Map<string, { readonly follower: RowFollower; readMinutes: number }>();
  const forecaster = {
    peak: ({ quantiles = [] }) => ({
      status: 'ok',
      credibleMaximum: 200,
      bounds: quantiles.map(() => 150),
    }),
  } as unknown as Forecaster;
  const model: Pick<DemandModel, 'follow'> = {
    follow<F extends RowFollower>(key: string, create: () => F) {
      const entry = { follower: create(), readMinutes: 0 };
      followers.set(key, entry);
      return {
        current: () => (entry.readMinutes > 0 ? (entry.follower as F) : undefined),
        release: () => void followers.delete(key),
      };
    },
  };
  return {
    model,
    read(minutes: number) {
      for (const entry of followers.values())
        while (entry.readMinutes < minutes)
          entry.follower.follow(entry.readMinutes++ * minute, 100, forecaster);
    },
    count: () => followers.size,
  };
}

it('tells nothing of the outcome before anything was played, and asks for the promised level', () => {
  const { model } = createModel();
  const service = followService(model, 0.99, () => rule);
  expect(service.outcome()).toBeUndefined();
  expect(service.state().asked.level).toBe(0.99);
});

it('tells of the past what the windows brought, and counts only what came since', () => {
  const { model, read } = createModel();
  const service = followService(model, 0.99, () => rule);
  read(2 * 1440);
  const past = service.outcome();
  expect(past?.windows['1d'].seconds).toBeGreaterThanOrEqual(86_400);
  expect(past?.windows['7d'].seconds).toBeGreaterThan(1.9 * 86_400);
  const hour = past?.windows['1h'];
  expect(hour?.reactive.replicaSeconds).toBe(10 * (hour?.seconds ?? Number.NaN));
  expect(hour?.forescale.replicaSeconds).toBeGreaterThan(hour?.reactive.replicaSeconds ?? Number.NaN);
  expect(past?.untilSeconds).toBe((2 * 1440 - 1) * minute);
  expect(past?.counted.seconds).toBe(0);
  read(2 * 1440 + 60);
  expect(service.outcome()?.counted).toMatchObject({
    seconds: 3_600,
    reactive: { shortSeconds: 0, replicaSeconds: 10 * 3_600 },
  });
});

it('goes on counting where a changed rule plays the past again, and does not count the past', () => {
  const { model, read, count } = createModel();
  let leadTimeSeconds = 300;
  const service = followService(model, 0.99, () => ({ ...rule, leadTimeSeconds }));
  read(1440);
  service.state();
  read(1440 + 60);
  leadTimeSeconds = 120;
  // The old play serves until the new one has caught up.
  expect(service.outcome()).toMatchObject({ leadTimeSeconds: 300, counted: { seconds: 3_600 } });
  expect(count()).toBe(2);
  read(1440 + 61);
  expect(service.outcome()).toMatchObject({ leadTimeSeconds: 120, counted: { seconds: 3_600 } });
  expect(count()).toBe(1);
  read(1440 + 120);
  expect(service.outcome()?.counted.seconds).toBe(3_600 + 59 * minute);
});
