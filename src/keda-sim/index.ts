/** A simulation of KEDA and the HPA that calls any external scaler over real gRPC. */
export type { TriggerCertificates } from './connection.ts';
export { type ExaminedPoint, examineScaler } from './contract/examine.ts';
export { createKedaSim, type KedaSim, type KedaSimOptions } from './keda-sim.ts';
export { parseAutoscaler } from './manifests/autoscaler.ts';
export {
  parseScaledObject,
  parseTrigger,
  type ScaledObjectManifest,
  toSentMetadata,
} from './manifests/scaled-object.ts';
export { createTimelinePrinter } from './timeline-printer.ts';
export { systemTimers, type Timers } from './timers.ts';
