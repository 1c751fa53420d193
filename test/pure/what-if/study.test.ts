import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/what-if/simulate.ts';
import { createStudy, type Participant, policyOf } from '../../../src/what-if/study.ts';
import { minutes, scenario, sight } from './what-if-scenes.ts';

// Demand doubles at nine every day and halves at five.
const isBusy = (minute: number) => minute % 1440 >= 540 && minute % 1440 < 1020;
const demand = minutes(8 * 1440, (minute) => (isBusy(minute) ? 200 : 100) + 3 * Math.sin(minute * minute));
const workload = { ...scenario, startUp: { seconds: 300 } };

const participants: readonly Participant[] = [
  { name: 'own', policy: 'reactive', setting: 1.2, isTuned: false },
  { name: 'reactive', policy: 'reactive', isTuned: true },
  { name: 'naive-day', policy: 'naive-day', isTuned: true },
  { name: 'forescale', policy: 'forescale', isTuned: true, setting: 0.985 },
];

function studyOf(some: readonly Participant[], ticksAtOnce: number) {
  const study = createStudy({
    demand,
    sight,
    scenario: workload,
    participants: some,
    allowedShortShare: 0.01,
  });
  while (study.advance(ticksAtOnce));
  return study;
}

/** What one setting does that is played alone, from the first fifth on, in the second quarter and in the second half. */
function alone(participant: Participant, setting: number) {
  const [[played] = []] = simulate({
    demand,
    sight,
    contests: [{ policy: policyOf(participant), scenario: workload, settings: [setting] }],
    startsAt: 0.2,
    parts: [
      { from: 0.25, to: 0.5 },
      { from: 0.5, to: 1 },
    ],
    hasTimelines: false,
  });
  return played?.outcomes ?? [];
}

describe('a study', () => {
  const study = studyOf(participants, 1000);
  const findings = study.findings();

  it('judges each setting as if it had been played alone, though the others stop in the middle', () => {
    expect(findings.map(({ participant }) => participant.name)).toEqual(participants.map(({ name }) => name));
    for (const { participant, usual, tuned } of findings) {
      expect(usual.outcome).toEqual(alone(participant, usual.setting)[1]);
      expect(tuned === undefined).toBe(!participant.isTuned);
      if (tuned !== undefined) expect(tuned.outcome).toEqual(alone(participant, tuned.setting)[1]);
    }
    expect(findings.map(({ usual }) => usual.setting)).toEqual([1.2, 1, 1, 0.985]);
  });

  it('chooses the cheapest setting that kept the service in the second quarter', () => {
    for (const { participant, tuned } of findings.slice(1)) {
      const [before] = alone(participant, tuned?.setting ?? Number.NaN);
      expect(before?.shortTimeShare).toBeLessThanOrEqual(0.01);
    }
    // The reactive rule as it comes is short for longer.
    expect(findings[1]?.tuned?.setting).toBeGreaterThan(1);
  });

  it('finds the same however it is played, and knows the reactive rule where it does not take part', () => {
    const [, , , ours] = participants;
    const other = studyOf(ours === undefined ? [] : [ours], Number.POSITIVE_INFINITY);
    expect(other.findings()[0]?.tuned?.outcome).toEqual(findings[3]?.tuned?.outcome);
    for (const share of [0.001, 0.01, 0.03]) {
      expect(other.reactiveHoursAt(share)).toBe(study.reactiveHoursAt(share));
    }
    expect(study.reactiveHoursAt(0.01)).toBeGreaterThan(0);
    expect(study.doneShare).toBe(1);
  });
});
