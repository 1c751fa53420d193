/**
 * Replays demand in virtual time through policies, the HPA and the start-up of replicas, and says what each policy costs and how long
 * it is short. No clock, no chance, no I/O.
 *
 * `demandOf` puts recorded rows on ticks; `createComparison` (in steps) or `compare` (at once) plays policies beside each other;
 * `worstWindows` finds where a policy was short.
 */
export {
  type ComparisonRequest,
  compare,
  createComparison,
  type Entrant,
  replayParts,
  type Verdict,
} from './compare.ts';
export { type Demand, demandOf, rowSeconds, scaled, tickSeconds } from './demand.ts';
export type { Sight } from './knowledge.ts';
export { costRatio, replicaHoursAt } from './outcome/equal-service.ts';
export type { Outcome } from './outcome/tally.ts';
export { worstWindows } from './outcome/worst-windows.ts';
export type { Policy } from './policies/contract.ts';
export type { OwnAutoscaler } from './policies/own-autoscaler.ts';
export { raised } from './policies/raised.ts';
export { type PolicyName, policies } from './policies/table.ts';
export { type PolicyAnswer, verdictOf, type WhatIfAnswer, type WorstWindow } from './report/what-if-json.ts';
export { leadTimeSecondsOf, type Scenario, windowOf } from './scenario.ts';
export {
  createStudy,
  type Finding,
  type Judged,
  judgedTick,
  type Participant,
  policyOf,
  type Study,
} from './study.ts';
