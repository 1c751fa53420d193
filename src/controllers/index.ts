/**
 * The rules of KEDA and of the HPA without clock, chance or I/O: time is an argument. What a controller remembers between two
 * syncs is kept in what `createHpa` returns.
 */
export type { HpaBehavior, ScalingPolicy, ScalingRules } from './behavior.ts';
export { type CronExpression, parseCronExpression } from './cron/cron-expression.ts';
export { type CronTrigger, createCronReplicas } from './cron/cron-trigger.ts';
export { hpaDefaults, kedaDefaults } from './defaults.ts';
export { createFleet, type Fleet, type StartUp } from './fleet.ts';
export { createHpa, type Hpa, type HpaSpec } from './hpa.ts';
export type { HpaMetric, HpaObservation } from './hpa-metric.ts';
export { decideActivation, hpaBounds, initialKedaState, type KedaSpec } from './keda.ts';
export { kedaTarget, kedaTotal, kedaValue, type ReportedTarget, type ReportedValue } from './keda-value.ts';
export { copyPairs } from './number-pairs.ts';
export { createSlidingExtreme } from './sliding-extreme.ts';
export { createVirtualFleet, type VirtualFleet } from './virtual-fleet.ts';
