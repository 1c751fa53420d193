/** Replays demand in virtual time through policies, the HPA and the start-up of replicas. No clock, no chance, no I/O. */
export { type Demand, demandOf, scaled } from './demand.ts';
export { cheapestWithin, chooseSetting, costRatio, replicaHoursAt } from './equal-service.ts';
export type { Policy } from './policies/contract.ts';
export { policies } from './policies/table.ts';
export type { Scenario } from './scenario.ts';
export { simulate } from './simulate.ts';
export type { Outcome } from './tally.ts';
