import { expect, it } from 'vitest';
import { createServedTime } from '../../../../src/scaler/service-level/served-time.ts';

const hour = 3_600;

it('adds up what the two rules did in the time that is asked for, back from the newest', () => {
  const time = createServedTime();
  for (let at = 15; at <= 10 * hour; at += 15) {
    const isShort = at > 9 * hour;
    time.add(at, 15, { isShort, replicas: 4 }, { isShort: true, replicas: 2 });
  }
  expect(time.newestSeconds).toBe(10 * hour);
  const last = time.last(hour);
  expect(last.seconds).toBe(hour);
  expect(last.forescale).toEqual({ shortSeconds: hour, replicaSeconds: 4 * hour });
  const day = time.last(24 * hour);
  expect(day.seconds).toBe(10 * hour);
  expect(day.forescale.shortSeconds).toBe(hour);
  expect(day.reactive).toEqual({ shortSeconds: 10 * hour, replicaSeconds: 20 * hour });
});

it('tells the last hour to five minutes and the last day to an hour', () => {
  const time = createServedTime();
  for (let at = 15; at <= 60 * hour + 1_920; at += 15)
    time.add(at, 15, { isShort: false, replicas: 1 }, { isShort: false, replicas: 1 });
  expect(time.last(hour).seconds).toBeGreaterThanOrEqual(hour);
  expect(time.last(hour).seconds).toBeLessThan(hour + 300);
  expect(time.last(24 * hour).seconds).toBeGreaterThanOrEqual(24 * hour);
  expect(time.last(24 * hour).seconds).toBeLessThan(25 * hour);
});

it('remembers a week, and in all everything', () => {
  const time = createServedTime();
  for (let at = hour; at <= 400 * hour; at += hour)
    time.add(at, hour, { isShort: at <= 100 * hour, replicas: 1 }, { isShort: false, replicas: 1 });
  const week = time.last(7 * 24 * hour);
  expect(week.seconds).toBe(168 * hour);
  expect(week.forescale.shortSeconds).toBe(0);
  expect(time.total().seconds).toBe(400 * hour);
  expect(time.total().forescale).toEqual({ shortSeconds: 100 * hour, replicaSeconds: 400 * hour });
});

it('tells all by the same object until there is more', () => {
  const time = createServedTime();
  const add = (at: number) =>
    time.add(at, 15, { isShort: true, replicas: 1 }, { isShort: true, replicas: 1 });
  add(15);
  const first = time.total();
  time.last(hour);
  expect(time.total()).toBe(first);
  add(30);
  expect(time.total().seconds).toBe(30);
  expect(first.seconds).toBe(15);
});
