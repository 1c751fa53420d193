import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect old objects when they have grown by nine tenths of what was left. By itself it does so at three tenths where the heap is
 * bounded at 256 MiB, as in the chart's pod, and at six where it is bounded at 1 GiB (`MaxGrowingFactor` of V8's memory-controller.cc). A
 * full collection goes through the models of all workloads, and calls of gRPC leave old objects behind (ADR 29).
 */
export function letOldObjectsGrow(): void {
  setFlagsFromString('--heap-growing-percent=90');
}
