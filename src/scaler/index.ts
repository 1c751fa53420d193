export { type ClusterFacts, createClusterFacts } from './cluster-facts/cluster-facts.ts';
export { type Told, tellSeconds, wantedSecondsAgo } from './directory/asked.ts';
export type { KnownTrigger } from './directory/expected-triggers.ts';
export { knownLines, parseKnownLines } from './directory/known-lines.ts';
export { createKnownWorkloadsFile } from './directory/known-workloads.ts';
export type { Shards } from './directory/shard.ts';
export {
  createWorkloads,
  type FollowedTrigger,
  type Workloads,
} from './directory/workloads.ts';
export { createScalerMetrics, type ScalerMetrics } from './metrics/scaler-metrics.ts';
export { workloadMetrics } from './metrics/workload-metrics.ts';
export { inForceSeconds } from './record/answer.ts';
export { recordFileName } from './record/file-keeper.ts';
export { type OpenRecord, openRecord } from './record/record.ts';
export { wholeMoments } from './record/whole-moments.ts';
export { startGrpcServer } from './server.ts';
export { createScalerService } from './service.ts';
export { triggerKeys } from './trigger-keys.ts';
export { isOpenMetadata } from './trigger-metadata.ts';
export type { WorkloadCalendars } from './workload.ts';
export type { TriggerRef } from './workload-identity.ts';
export type { WorkloadDefaults } from './workload-rules.ts';
