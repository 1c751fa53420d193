import { type Demand, tickSeconds } from '../demand.ts';
import { worstWindows } from '../outcome/worst-windows.ts';
import type { Question } from '../question.ts';
import type { CalendarStudy } from '../studies/calendar-study.ts';
import { type Finding, type Judged, judgedTick, policyOf, type Study } from '../study.ts';
import { verdictOf, type WhatIfAnswer, type WorstWindow } from './what-if-json.ts';

/** What was asked, and the demand it was played on. */
type Asked = Pick<Question, 'scenario' | 'serviceLevel' | 'pricePerReplicaHour'> & {
  readonly demand: Demand;
};

/** Windows that are named of each policy. */
const windowsPerPolicy = 3;

/** The answer that a study gives when it is played to its end, with that of a study of its calendar, if there is one. */
export function answerOf(
  study: Study,
  asked: Asked,
  calendar?: Pick<CalendarStudy, 'gain'> | undefined,
): WhatIfAnswer {
  const { demand, pricePerReplicaHour: price } = asked;
  const findings = study.findings();
  const costOf = ({ outcome }: Judged) => (price === undefined ? {} : { cost: outcome.replicaHours * price });
  const found = findings.find(({ participant }) => participant.name === 'forescale');
  const ours = found?.usual.outcome;
  return {
    from: demand.firstSeconds + judgedTick(demand) * tickSeconds,
    to: demand.firstSeconds + demand.ticks.length * tickSeconds,
    serviceLevel: asked.serviceLevel,
    policies: findings.map(({ participant, usual, tuned }) => {
      const { title, knob } = policyOf(participant);
      return {
        name: participant.name,
        title: participant.name === 'own' ? 'yours' : title,
        ...usual.outcome,
        ...costOf(usual),
        knob: { meaning: knob.meaning, setting: usual.setting },
        atEqualService:
          tuned === undefined ? null : { setting: tuned.setting, ...tuned.outcome, ...costOf(tuned) },
      };
    }),
    verdict:
      ours === undefined ? null : verdictOf(ours.replicaHours, study.reactiveHoursAt(ours.shortTimeShare)),
    ...(calendar === undefined || found === undefined ? {} : { calendar: calendar.gain(found) }),
    worstWindows: findings.flatMap((finding) => windowsOf(finding, asked)),
  };
}

function windowsOf({ participant, usual }: Finding, { demand, scenario }: Asked): WorstWindow[] {
  if (usual.timeline === undefined) return [];
  const windows = worstWindows({
    demand,
    timeline: usual.timeline,
    capacity: scenario.capacity,
    fromTick: judgedTick(demand),
    toTick: demand.ticks.length,
    atMost: windowsPerPolicy,
  });
  return windows.map(({ fromSeconds, toSeconds, ...window }) => ({
    policy: participant.name,
    from: fromSeconds,
    to: toSeconds,
    ...window,
  }));
}
