import { expect, it } from 'vitest';
import { participantsOf, studyOf } from '../../../src/what-if/question.ts';
import { createStudy } from '../../../src/what-if/study.ts';
import { scenario, sight } from './what-if-scenes.ts';

it('lets the service learn in a season what it learns in a day, as the server does', () => {
  const season = 7200;
  const minutes = Array.from({ length: 5 * 1440 }, (_, i) => i);
  const recorded = {
    stepSeconds: 60,
    timestamps: minutes.map((minute) => 1_704_067_200 + 60 * (minute + 1)),
    values: minutes.map((minute) => (minute % 120 < 60 ? 100 : 220) + 20 * Math.sin(minute * minute)),
  };
  const workload = { ...scenario, startUp: { seconds: 300 } };
  const participants = participantsOf(['forescale'], 0.99);
  const model = { seasonsSeconds: [season] };
  const { demand, study } = studyOf({
    recorded,
    scenario: workload,
    participants,
    serviceLevel: 0.99,
    model,
  });
  const hours = (seasonSeconds: number | undefined) => {
    const request = { demand, sight: { ...sight, model }, participants, allowedShortShare: 0.01 };
    const other = createStudy({ ...request, scenario: { ...workload, seasonSeconds } });
    while (other.advance(Number.POSITIVE_INFINITY));
    return other.findings()[0]?.usual.outcome.replicaHours;
  };
  while (study.advance(Number.POSITIVE_INFINITY));
  expect(study.findings()[0]?.usual.outcome.replicaHours).toBe(hours(season));
  expect(hours(season)).not.toBe(hours(undefined));
});
