import type { ScaledObjectRef } from '../../src/platform/protocol/external-scaler.ts';

/** What is asked of a server that is measured. */
export interface TriggerPlan {
  readonly workloads: number;
  /** Number of different queries but for the label that names the workload. */
  readonly shapes: number;
  /** History that a workload learns from at first, as triggers write it. */
  readonly history: string;
  /** Time between two rows of it, as triggers write it; absent = as the server has it by default. */
  readonly step?: string | undefined;
}

/** Namespaces of the workloads, half of them in each. */
const tenants = ['team-a', 'team-b'] as const;

/** Label that tells the series of the workloads apart. */
export const workloadLabel = 'app';

/** A workload of the benchmark, and where its demand comes from. */
export interface BenchTrigger {
  readonly ref: ScaledObjectRef;
  readonly metric: string;
  readonly app: string;
}

/** The triggers of a plan: what KEDA sends with every call about each of them. */
export function triggersOf({ workloads, shapes, history, step }: TriggerPlan): readonly BenchTrigger[] {
  return Array.from({ length: workloads }, (_, index) => {
    const app = `shop-${index}`;
    const metric = `requests_${index % shapes}_total`;
    const ref = {
      namespace: tenants[index % tenants.length]!,
      name: app,
      scalerMetadata: {
        scalerAddress: 'forescale.forescale:6000',
        query: `sum(rate(${metric}{${workloadLabel}="${app}"}[2m]))`,
        threshold: '10',
        historyTimeWindow: history,
        ...(step !== undefined && { queryStep: step }),
        leadTime: '2m',
        unit: 'requests/s',
      },
    };
    return { ref, metric, app };
  });
}
