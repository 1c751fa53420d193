/** KEDA and the HPA, played over real gRPC against any external scaler. */
export type { TriggerCertificates } from './connection.ts';
export { createKedaSim, type KedaSim, type KedaSimOptions } from './keda-sim.ts';
export { parseScaledObject, type ScaledObjectManifest, toSentMetadata } from './scaled-object.ts';
export { createTimelinePrinter } from './timeline-printer.ts';
export { systemTimers, type Timers } from './timers.ts';
