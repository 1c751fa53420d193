/**
 * Replays demand in virtual time through policies, the HPA and the start-up of replicas, and says what each policy costs and how long
 * it is short. No clock, no chance, no I/O.
 *
 * `studyOf` opens the study of a question, which is played in steps, and `answerOf` says what was found. `demandOf` puts recorded
 * rows on ticks; `createComparison` plays policies beside each other in several scenarios, in steps too.
 */

export {
  type ComparisonRequest,
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
export { participantsOf, type Question, studyOf } from './question.ts';
export { answerOf } from './report/answer.ts';
export type { PolicyAnswer, WhatIfAnswer } from './report/what-if-json.ts';
export { leadTimeSecondsOf, type Scenario, windowOf } from './scenario.ts';
export { type ScenarioSettings, scenarioOf, settingFaults, usualSettings } from './scenario-settings.ts';
export { createCalendarStudy } from './studies/calendar-study.ts';
export { createStartUpStudy, type StartUpCost } from './studies/start-up-study.ts';
export { type Finding, judgedTick, type Participant, type Study } from './study.ts';
