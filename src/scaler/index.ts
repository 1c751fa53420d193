export { createKnownWorkloadsFile, knownLines, parseKnownLines } from './known-workloads.ts';
export { createScalerMetrics, type ScalerMetrics } from './metrics/scaler-metrics.ts';
export { workloadMetrics } from './metrics/workload-metrics.ts';
export { startGrpcServer } from './server.ts';
export { createScalerService } from './service.ts';
export { triggerKeys } from './trigger-keys.ts';
export type { WorkloadDefaults } from './workload.ts';
export type { TriggerRef } from './workload-identity.ts';
export { createWorkloads, type KnownTrigger, type Workloads } from './workloads.ts';
