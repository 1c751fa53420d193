import { createHpa, type HpaMetric, type HpaSpec } from '../controllers/index.ts';
import type { KedaMetric } from './client.ts';
import type { Stage } from './stage.ts';
import { type CallFailure, noteFailure, noteThrown } from './tally.ts';

export type HpaController = ReturnType<typeof createHpaController>;

interface HpaOptions {
  readonly spec: HpaSpec;
  readonly metricType: 'AverageValue' | 'Value';
  readonly syncSeconds: number;
}

/** The kube-controller-manager's side: asks for the metric every sync while there are replicas, and scales by it. */
export function createHpaController(stage: Stage, options: HpaOptions) {
  const { scaleTarget, tally, timers } = stage;
  let metrics: readonly KedaMetric[] = [];
  const hpa = createHpa(options.spec);

  async function sync(signal: AbortSignal): Promise<void> {
    // Without replicas the controller does not even ask (ScalingDisabled).
    if (tally.replicas === 0 || metrics.length === 0) return;
    const { read, failure } = await readMetrics(stage, metrics, options.metricType, signal);
    if (signal.aborted) return;
    const replicas = hpa.sync({
      nowSeconds: stage.clock(),
      currentReplicas: tally.replicas,
      readyReplicas: scaleTarget.ready(),
      metrics: read,
    });
    scaleTarget.scaleTo(replicas);
    tally.hpaSyncs++;
    if (failure !== null) tally.failedHpaSyncs++;
    const { desired = null, reason } = hpa;
    const value = largest(read.map(({ total }) => total));
    stage.report({ from: 'hpa', reason, value, desired, fault: failure });
  }

  return {
    /**
     * Writes the HPA's metrics, unless it has some. KEDA does so when it reconciles the ScaledObject and not again: a
     * target that changes later has no effect. Where the HPA could not be written, the next poll's metrics are taken.
     */
    writeMetrics(offered: readonly KedaMetric[]): void {
      if (metrics.length > 0) return;
      const refused = offered.find(({ target }) => !(target > 0));
      if (refused === undefined) {
        metrics = offered;
        return;
      }
      const message = `the target of ${refused.name} is ${refused.target}; an HPA needs one above 0`;
      noteFailure(tally, { what: 'GetMetricSpec', code: 'INVALID_TARGET', message });
    },
    async run(signal: AbortSignal): Promise<void> {
      // A new HPA enters the controller's queue with the sync period as its delay (enqueueHPA): the wait comes first.
      await timers.wait(options.syncSeconds, signal);
      while (!signal.aborted) {
        await sync(signal);
        await timers.wait(options.syncSeconds, signal);
      }
    },
  };
}

/** Asks for each metric in turn. A metric whose query fails has no total; `failure` is the last such failure. */
async function readMetrics(
  { client, tally }: Stage,
  metrics: readonly KedaMetric[],
  type: HpaOptions['metricType'],
  signal: AbortSignal,
): Promise<{ readonly read: readonly HpaMetric[]; readonly failure: CallFailure | null }> {
  let failure: CallFailure | null = null;
  const read: HpaMetric[] = [];
  for (const { name, target } of metrics) {
    const total = await client.hpaQuery(name, signal).catch((error: unknown) => {
      if (!signal.aborted) failure = noteThrown(tally, error);
      return undefined;
    });
    read.push({ total, target, type });
  }
  return { read, failure };
}

/** The largest of the values that are known; null when none is. */
export function largest(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : null;
}
