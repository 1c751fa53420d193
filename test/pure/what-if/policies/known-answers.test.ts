import { describe, expect, it } from 'vitest';
import { tickSeconds } from '../../../../src/what-if/demand.ts';
import { type Demand, type Policy, policies } from '../../../../src/what-if/index.ts';
import { createKnowledge } from '../../../../src/what-if/knowledge.ts';
import { createKalman } from '../../../../src/what-if/models/kalman.ts';
import { ownAutoscaler } from '../../../../src/what-if/policies/own-autoscaler.ts';
import { simulate } from '../../../../src/what-if/simulate.ts';
import { minutes, scenario, sight } from '../what-if-scenes.ts';

// Without a tolerance nothing is raised, and signals can be read as demand.
const plain = { ...scenario, tolerance: 0 };

/** The signal at the default setting, asked at each of some minutes of the replay. */
function signalsAt(policy: Policy, demand: Demand, atMinutes: readonly number[]): readonly number[] {
  const run = policy.create({ scenario: plain, settings: [policy.knob.default], truth: demand });
  const known = createKnowledge(demand, sight);
  run.begin?.(known);
  return atMinutes.map((minute) => {
    const into = new Float64Array(1);
    known.moveTo((minute * 60) / tickSeconds);
    run.signals(known, into);
    return into[0] ?? Number.NaN;
  });
}

/** Demand that rises by one a minute: its value says when it was. */
const rising = minutes(8 * 1440 + 600, (minute) => minute);
const day = 1440;

describe('what a policy asks for', () => {
  it('is the mean over the rate window as of the last scrape, where it is reactive', () => {
    // A quarter of the minute is not scraped yet, so a quarter of the mean is of the minute before.
    expect(signalsAt(policies.reactive, rising, [100, 101])).toEqual([98.75, 99.75]);
  });

  it('is the largest demand of the decision window a day or a week ago, or what is observed where that is more', () => {
    // At minute m the rows 0 … m − 2 are known, so the next one is m − 1; the window is 60 + 100 s and a minute, 4 rows.
    const falling = minutes(8 * day + 600, (minute) => 100_000 - minute);
    const at = 8 * day;
    expect(signalsAt(policies['naive-day'], falling, [at])).toEqual([100_000 - (at - 1 - day)]);
    expect(signalsAt(policies['naive-week'], falling, [at])).toEqual([100_000 - (at - 1 - 7 * day)]);
    expect(signalsAt(policies['naive-day'], rising, [at])).toEqual([at - 1.25]);
    const peak = minutes(8 * day + 600, (minute) => (minute === 20 ? 500 : 1));
    const soon = [15, 16, 17, 18, 19].map((minute) => minute + 7 * day);
    expect(signalsAt(policies['naive-week'], peak, soon)).toEqual([1, 1, 1, 500, 500]);
  });

  it('is the largest demand of half an hour a week ago, whatever the start-up', () => {
    const peak = minutes(8 * day + 600, (minute) => (minute === 100 ? 500 : 1));
    const minutesBefore = [71, 72, 101, 102].map((minute) => minute + 7 * day);
    expect(signalsAt(policies['week-window-maximum'], peak, minutesBefore)).toEqual([1, 500, 500, 1]);
  });

  it('is the schedule of the hour that was set once, beside the reactive trigger', () => {
    // 2024-01-01 was a Monday: demand at 9:00 on the first day, which Tuesday repeats and Saturday does not.
    const morning = minutes(8 * day, (minute) => (minute >= 540 && minute < 600 ? 300 : 50));
    const at = (days: number, minute: number) => days * day + minute;
    const known = [at(1, 0), at(1, 530), at(1, 550), at(1, 602), at(5, 550)];
    expect(signalsAt(policies.cron, morning, known)).toEqual([50, 50, 300, 50, 50]);
  });

  it('is what the largest demand before the start needs, where it is fixed', () => {
    const once = minutes(8 * day, (minute) => (minute === 50 ? 400 : minute > 3000 ? 900 : 80));
    expect(signalsAt(policies.fixed, once, [1000, 5000])).toEqual([400, 400]);
  });

  it('is the mean of the last three minutes until the next three are over, for a planner of last values', () => {
    expect(signalsAt(policies['last-value'], rising, [301, 302, 303, 304])).toEqual([298, 298, 298, 301]);
  });

  it('is the peak of the decision window for perfect foresight', () => {
    const peak = minutes(100, (minute) => (minute === 50 ? 500 : 1));
    // 160 s ahead: from 47.5 minutes on the beginning of minute 50 is within the window of 11 ticks.
    expect(signalsAt(policies.perfect, peak, [47, 48, 50, 51])).toEqual([1, 500, 500, 375.25]);
  });
});

describe("the user's own autoscaler", () => {
  const first = rising.firstSeconds;
  const office = (seconds: number) => (seconds >= first + 200 * 60 && seconds < first + 400 * 60 ? 30 : 0);

  it('asks for the replicas of its schedule where they are more than its metric asks for', () => {
    const own = ownAutoscaler(policies.reactive, { createSchedule: () => office, followsDemand: true });
    expect(signalsAt(own, rising, [100, 200, 302, 399, 400])).toEqual([98.75, 300, 300.75, 397.75, 398.75]);
  });

  it('scales by the clock alone where it has no other trigger, to zero too', () => {
    const own = ownAutoscaler(policies.reactive, { createSchedule: () => office, followsDemand: false });
    expect(signalsAt(own, rising, [100, 200, 302, 400])).toEqual([0, 300, 300, 0]);
    const hours = (policy: Policy) => {
      const contest = { policy, scenario: { ...plain, minReplicas: 0 }, settings: [1] };
      const parts = [{ from: 0, to: 1 }];
      const options = { demand: minutes(600, () => 100), sight, contests: [contest], parts };
      return simulate({ ...options, startsAt: 0, hasTimelines: false })[0]?.[0]?.outcomes[0]?.replicaHours;
    };
    // 200 minutes of 30 replicas, and the first replicas until KEDA's cooldown is over; nothing is needed before.
    expect(hours(own)).toBeGreaterThan(100);
    expect(hours(own)).toBeLessThan(106);
  });

  it('has the hold of scale-downs that its own HPA has, even where Forescale scales it', () => {
    const own = ownAutoscaler(policies.forescale, { createSchedule: () => () => 0, followsDemand: true });
    expect([policies.forescale.hpa, own.hpa]).toEqual(['short-hold', 'own']);
  });
});

describe('the Kalman filter of LLM planners', () => {
  it('says nothing before five values', () => {
    const filter = createKalman();
    for (let i = 0; i < 4; i++) filter.observe(10);
    expect(filter.next()).toBeNaN();
    filter.observe(10);
    expect(filter.next()).toBeCloseTo(10, 6);
  });

  it('follows a ramp without a lasting error, and is never below zero', () => {
    const filter = createKalman();
    for (let i = 0; i < 400; i++) filter.observe(3 * i);
    expect(filter.next()).toBeCloseTo(1200, 3);
    for (let i = 400; i >= 0; i--) filter.observe(3 * i);
    expect(filter.next()).toBe(0);
  });

  // In the long run the gains solve the Riccati equation of variances 1, 0.1 and 10: 0.42172 for the level and 0.07604 for the
  // trend, found by iterating it in Python.
  it('has the gains of its variances in the long run', () => {
    const filter = createKalman();
    for (let i = 0; i < 400; i++) filter.observe(0);
    filter.observe(1);
    expect(filter.next()).toBeCloseTo(0.42172 + 0.07604, 4);
  });
});
