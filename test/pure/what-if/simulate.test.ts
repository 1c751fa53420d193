import { describe, expect, it } from 'vitest';
import { costRatio, type Outcome, policies } from '../../../src/what-if/index.ts';
import { simulate } from '../../../src/what-if/simulate.ts';
import { minutes, scenario, sight } from './what-if-scenes.ts';

const whole = [{ from: 0, to: 1 }];

function play(demandAt: (minute: number) => number, count = 60, overrides = {}): Outcome {
  const contest = {
    policy: policies.reactive,
    scenario: { ...scenario, ...overrides },
    settings: [1],
  };
  const results = simulate({
    demand: minutes(count, demandAt),
    sight,
    contests: [contest],
    startsAt: 0,
    parts: whole,
    hasTimelines: false,
  });
  const outcome = results[0]?.[0]?.outcomes[0];
  if (outcome === undefined) throw new Error('nothing was played');
  return outcome;
}

describe('a replay', () => {
  it('costs what the oracle costs where demand stays the same', () => {
    const outcome = play(() => 95);
    expect(outcome).toMatchObject({ shortTimeShare: 0, unservedShare: 0, changes: 0, replicaHours: 10 });
    expect(outcome).toMatchObject({ shortageShare: 0, excessShare: 0, hours: 1, goodputPerReplica: 9.5 });
    expect(costRatio(outcome)).toBe(1);
  });

  // Demand of 50 becomes 100 at minute 30. A value is the mean of a minute that ended 15 s ago: 62.5 after 30 s (7 replicas), 75
  // (within the tolerance of 7), 87.5 (9), 100 after 75 s (10). The last is ready 60 s later: 135 s are short.
  it('is short until the last replica that a step needs has started', () => {
    const outcome = play((minute) => (minute < 30 ? 50 : 100));
    expect(outcome.shortTimeShare).toBeCloseTo(135 / 3600, 10);
    expect(outcome.longestShortSeconds).toBe(135);
    expect(outcome.changes).toBe(3);
    // 5 ready for 90 s, 7 for 30 s, 9 for 15 s, where 10 were needed.
    expect(outcome.shortageShare).toBeCloseTo((0.5 * 90 + 0.3 * 30 + 0.1 * 15) / 3600, 10);
    expect(outcome.unservedShare).toBeCloseTo((50 * 90 + 30 * 30 + 10 * 15) / (1800 * 150), 10);
    // 5 replicas at first, 7 from 30 s on, 9 from 60 s on, 10 from 75 s on.
    expect(outcome.replicaHours * 3600).toBeCloseTo(5 * 1830 + 7 * 30 + 9 * 15 + 10 * (1800 - 75), 6);
    // The oracle has ten a whole start-up before.
    expect(outcome.oracleReplicaHours * 3600).toBeCloseTo(5 * 1740 + 10 * 1860, 6);
  });

  it('counts time without data nowhere', () => {
    const outcome = play((minute) => (minute >= 20 && minute < 40 ? Number.NaN : 95));
    expect(outcome.hours).toBeCloseTo(40 / 60, 10);
    expect(outcome.replicaHours).toBeCloseTo(10 * (40 / 60), 10);
  });

  it('keeps within the bounds of the workload, for the oracle too', () => {
    const outcome = play(() => 95, 60, { maxReplicas: 8 });
    expect(outcome).toMatchObject({ shortTimeShare: 1, replicaHours: 8, oracleReplicaHours: 8 });
  });

  it('scales on the target and is short beyond the capacity', () => {
    const outcome = play(() => 95, 60, { target: 5 });
    // The first minutes go from the 10 that are needed to the 19 that the target asks for.
    expect(outcome.shortTimeShare).toBe(0);
    expect(outcome.replicaHours).toBeGreaterThan(18.5);
    expect(outcome.oracleReplicaHours).toBe(10);
  });

  it('scales to zero after the cooldown and wakes at a poll', () => {
    // Demand for ten minutes, none for twenty, and demand again.
    const outcome = play((minute) => (minute < 10 || minute >= 30 ? 8 : 0), 60, {
      minReplicas: 0,
      keda: { pollingIntervalSeconds: 30, cooldownSeconds: 300, activationThreshold: 0 },
    });
    // The poll at 660 s is the last that sees demand, so the one at 990 s scales to zero. Demand of 1800 s is seen by the poll at
    // 1830 s, and the replica is ready 60 s later.
    expect(outcome.replicaHours * 3600).toBeCloseTo(990 + (3600 - 1830), 6);
    expect(outcome.longestShortSeconds).toBe(90);
    expect(outcome.shortTimeShare).toBeCloseTo(90 / 3600, 10);
    expect(outcome.changes).toBe(2);
    expect(outcome.oracleReplicaHours * 3600).toBeCloseTo(600 + (3600 - 1740), 6);
  });

  it('counts a tick in the part it lies in', () => {
    const contest = { policy: policies.reactive, scenario, settings: [1, 2] };
    const results = simulate({
      demand: minutes(100, () => 95),
      sight,
      contests: [contest],
      startsAt: 0.2,
      parts: [
        { from: 0.25, to: 0.5 },
        { from: 0.5, to: 1 },
      ],
      hasTimelines: false,
    });
    expect(results[0]?.map(({ outcomes }) => outcomes.map(({ hours }) => hours * 60))).toEqual([
      [25, 50],
      [25, 50],
    ]);
    expect(results[0]?.[1]?.outcomes[1]?.replicaHours).toBeCloseTo((19 * 50) / 60, 10);
  });
});
