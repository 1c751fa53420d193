export { createTimeSlices } from '../platform/time-slices.ts';
export {
  fewestSeasonSteps,
  gridSecondsFor,
  type HorizonAccuracy,
  isTimeZone,
  maxHorizonFor,
  type PeakResult,
} from './core/index.ts';
export type { DemandModel, RefreshOutcome } from './demand-model.ts';
export {
  createDemandModels,
  type DemandModels,
  type HeldModel,
  type ModelRequest,
  type ResolveSource,
} from './demand-models.ts';
export type {
  Decision,
  ModelHealth,
  WorkloadDirectory,
  WorkloadView,
} from './workload-view.ts';
