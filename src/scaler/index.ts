export { createKnownWorkloadsFile } from './known-workloads.ts';
export { createScalerMetrics, workloadGauges } from './metrics.ts';
export { startGrpcServer } from './server.ts';
export { createScalerService } from './service.ts';
export { triggerKeys } from './trigger-keys.ts';
export { createWorkloads, type TriggerRef, type Workloads } from './workloads.ts';
