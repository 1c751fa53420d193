import { type Demand, demandOf, type RecordedDemand } from './demand.ts';
import type { Sight } from './knowledge.ts';
import { type PolicyName, policies } from './policies/table.ts';
import type { Scenario } from './scenario.ts';
import { createStudy, type Participant, type Study } from './study.ts';

/** What a what-if is asked. Plain data, which can be sent to a thread, unless a participant is somebody's own autoscaler. */
export interface Question {
  readonly recorded: RecordedDemand;
  readonly scenario: Scenario;
  readonly participants: readonly Participant[];
  /** Share of time that is to be served, 0–1. */
  readonly serviceLevel: number;
  readonly pricePerReplicaHour?: number | undefined;
  readonly model?: Sight['model'];
}

/** The policies as participants, tuned for equal service; Forescale promises the service level. */
export function participantsOf(names: readonly PolicyName[], serviceLevel: number): readonly Participant[] {
  return names.map((policy) => ({
    name: policy,
    policy,
    isTuned: true,
    ...(policies[policy] === policies.forescale ? { setting: serviceLevel } : {}),
  }));
}

/** The study of a question, to be played, and the demand it is played on. */
export function studyOf({ recorded, scenario, participants, serviceLevel, model }: Question): {
  readonly demand: Demand;
  readonly study: Study;
} {
  const demand = demandOf(recorded);
  const { rateWindowSeconds, serving } = scenario;
  const study = createStudy({
    demand,
    sight: {
      rateWindowSeconds,
      scrapeIntervalSeconds: serving.lags.scrapeIntervalSeconds,
      settleSeconds: serving.settleSeconds,
      model,
    },
    scenario: { ...scenario, seasonSeconds: model?.seasonsSeconds?.[0] },
    participants,
    allowedShortShare: 1 - serviceLevel,
  });
  return { demand, study };
}
