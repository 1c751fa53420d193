import { setFlagsFromString } from 'node:v8';

/**
 * Has threads that are started from now on keep to the young heap that they are given (`resourceLimits`). One that is given to the process,
 * as by the NODE_OPTIONS of the image, goes before it; the thread that calls keeps that.
 */
export function boundYoungHeapsOfThreads(): void {
  setFlagsFromString('--max-semi-space-size=0');
}
