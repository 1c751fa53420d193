export { createTimeSlices } from '../platform/time-slices.ts';
export {
  fewestSeasonSteps,
  gridSecondsFor,
  type HorizonAccuracy,
  modelOptionsFor,
  type PeakResult,
} from './core/index.ts';
export type { DemandModel } from './demand-model.ts';
export {
  createDemandModels,
  type DemandModels,
  type HeldModel,
  type ModelRequest,
  type ResolveSource,
} from './demand-models.ts';
export type { RefreshOutcome } from './refresh.ts';
export type {
  Decision,
  ModelHealth,
  WorkloadDirectory,
  WorkloadView,
} from './workload-view.ts';
