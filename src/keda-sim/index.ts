/** KEDA and the HPA, played over real gRPC against any external scaler. */
export type { ScaledObjectIdentity, ScalerRpc } from './connection.ts';
export type { SimFault } from './faults.ts';
export { createKedaSim, type KedaSim, type KedaSimOptions, type KedaSimState } from './loop.ts';
export {
  parseScaledObject,
  type ScaledObjectManifest,
  toSentMetadata,
} from './scaled-object.ts';
export type { KedaSimEvent } from './timeline.ts';
export { createTimelinePrinter, type TimelinePrinter } from './timeline-printer.ts';
export { systemTimers, type Timers } from './timers.ts';
