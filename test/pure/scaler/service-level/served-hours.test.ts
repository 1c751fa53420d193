import { expect, it } from 'vitest';
import { createServedHours } from '../../../../src/scaler/service-level/served-hours.ts';

const hour = 3_600;

it('adds up what the two rules did in the hours that were asked for', () => {
  const hours = createServedHours();
  for (let at = 15; at <= 10 * hour; at += 15) {
    const isShort = at > 9 * hour;
    hours.add(at, 15, { isShort, replicas: 4 }, { isShort: true, replicas: 2 });
  }
  const last = hours.since(9 * hour);
  expect(last.seconds).toBe(hour);
  expect(last.forescale).toEqual({ shortSeconds: hour, replicaSeconds: 4 * hour });
  const all = hours.since(Number.NEGATIVE_INFINITY);
  expect(all.seconds).toBe(10 * hour);
  expect(all.forescale.shortSeconds).toBe(hour);
  expect(all.reactive).toEqual({ shortSeconds: 10 * hour, replicaSeconds: 20 * hour });
});

it('remembers a week, and nothing of what is older', () => {
  const hours = createServedHours();
  for (let at = hour; at <= 400 * hour; at += hour)
    hours.add(at, hour, { isShort: at <= 100 * hour, replicas: 1 }, { isShort: false, replicas: 1 });
  const week = hours.since(Number.NEGATIVE_INFINITY);
  expect(week.seconds).toBe(169 * hour);
  expect(week.forescale.shortSeconds).toBe(0);
});
