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
  /** Whether all settings of what is tuned are played to the end, for cost over service. */
  readonly hasCurves?: boolean | undefined;
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
export function studyOf(question: Question): { readonly demand: Demand; readonly study: Study } {
  const world = worldOf(question);
  const { participants, serviceLevel, hasCurves } = question;
  const study = createStudy({ ...world, participants, allowedShortShare: 1 - serviceLevel, hasCurves });
  return { demand: world.demand, study };
}

/** What a question is played on: its demand, how late policies know it, and its workload. */
export function worldOf({ recorded, scenario, model }: Question): {
  readonly demand: Demand;
  readonly sight: Sight;
  readonly scenario: Scenario;
} {
  const { rateWindowSeconds, serving } = scenario;
  return {
    demand: demandOf(recorded),
    sight: {
      rateWindowSeconds,
      scrapeIntervalSeconds: serving.lags.scrapeIntervalSeconds,
      settleSeconds: serving.settleSeconds,
      model,
    },
    scenario: { ...scenario, seasonSeconds: model?.seasonsSeconds?.[0] },
  };
}
