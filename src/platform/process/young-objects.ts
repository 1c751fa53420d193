import { setFlagsFromString } from 'node:v8';

/**
 * Has each thread of this process collect its young objects alone. V8 has other threads help, which wait for work and for a processor:
 * where few young objects survive, as in a server, that costs more than it saves.
 */
export function collectYoungObjectsAlone(): void {
  setFlagsFromString('--no-parallel-scavenge');
}

/**
 * Has threads that are started from now on keep to the young heap that they are given (`resourceLimits`). One that is given to the process,
 * as by the NODE_OPTIONS of the image, goes before it; the thread that calls keeps that.
 */
export function boundYoungHeapsOfThreads(): void {
  setFlagsFromString('--max-semi-space-size=0');
}
