import type { WorkloadDirectory, WorkloadView } from '../../../../src/forecast/index.ts';
import {
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from '../../../edges/api/fixture.ts';

/** Workloads of a big cluster in every state. They share two models, because only the page is looked at. */
export function madeWorkloads(count: number): WorkloadDirectory {
  const learned = modelOf(taught(9));
  const empty = modelOf(taught(0));
  const lost = modelOf(taught(0), {
    observed: () => undefined,
    health: () => ({ state: 'blind', lastSuccessSeconds: undefined, lastError, rows: 0, warnings: [] }),
  });
  const workloads = Array.from({ length: count }, (_, index): WorkloadView => {
    const of = {
      namespace: `team-${index % 7}`,
      name: `service-${String(index).padStart(4, '0')}`,
      trigger: 'a1b2c3d4',
    };
    if (index % 20 === 3) return workloadOf(lost, { ...of, decision: () => undefined });
    if (index % 20 === 7)
      return workloadOf(empty, { ...of, decision: () => ({ ...goodDecision, ...learning }) });
    if (index % 20 === 11) return workloadOf(learned, { ...of, threshold: 8, outcome: () => goodOutcome });
    if (index % 20 === 13)
      return workloadOf(learned, { ...of, mode: 'reactive', outcome: () => goodOutcome });
    return workloadOf(learned, { ...of, outcome: () => goodOutcome });
  });
  return {
    list: () => workloads,
    find: (namespace, name) => workloads.filter((one) => one.namespace === namespace && one.name === name),
  };
}

const lastError = {
  code: 'no-data',
  message: 'the query gives no series; append "or vector(0)" where that means no demand',
  atSeconds: nowSeconds,
} as const;
const learning = {
  basis: 'observed',
  predictedPeak: undefined,
  trust: undefined,
  fallbackReasons: ['has 6h, needs 2d'],
} as const;
