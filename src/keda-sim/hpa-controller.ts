import { decideReplicas, type HpaMetric, type HpaSpec, initialHpaState } from '../controllers/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type CallFailure, type FailureLog, toCallFailure } from './call-failures.ts';
import type { KedaClient, KedaMetric } from './client.ts';
import type { ScaleTarget } from './scale-target.ts';
import type { Timeline } from './timeline.ts';
import type { Timers } from './timers.ts';

export interface HpaController {
  /**
   * Writes the HPA's metrics, unless it has some. KEDA does so when it reconciles the ScaledObject and not again: a
   * target that changes later has no effect. Where the HPA could not be written, the next poll's metrics are taken.
   */
  writeMetrics(metrics: readonly KedaMetric[]): void;
  run(signal: AbortSignal): Promise<void>;
  readonly syncs: number;
  readonly failedSyncs: number;
}

interface HpaParts {
  readonly spec: HpaSpec;
  readonly metricType: 'AverageValue' | 'Value';
  readonly syncSeconds: number;
  readonly client: KedaClient;
  readonly scaleTarget: ScaleTarget;
  readonly timeline: Timeline;
  readonly failures: FailureLog;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** The kube-controller-manager's side: asks for the metric every sync while there are replicas, and scales by it. */
export function createHpaController(parts: HpaParts): HpaController {
  const { spec, scaleTarget, timeline, failures, clock } = parts;
  let metrics: readonly KedaMetric[] = [];
  let state = initialHpaState;
  let syncs = 0;
  let failedSyncs = 0;

  async function sync(signal: AbortSignal): Promise<void> {
    // Without replicas the controller does not even ask (ScalingDisabled).
    if (scaleTarget.replicas === 0 || metrics.length === 0) return;
    const { read, failure } = await readMetrics(parts, metrics, signal);
    if (signal.aborted) return;
    const decision = decideReplicas(spec, state, {
      nowSeconds: clock(),
      currentReplicas: scaleTarget.replicas,
      readyReplicas: scaleTarget.ready(),
      metrics: read,
    });
    state = decision.state;
    scaleTarget.scaleTo(decision.replicas);
    syncs++;
    if (failure !== null) failedSyncs++;
    const { desired = null, reason } = decision;
    const value = largest(read.map(({ total }) => total));
    timeline.add({ from: 'hpa', reason, value, desired, fault: failure });
  }

  return {
    writeMetrics(offered) {
      if (metrics.length > 0) return;
      const refused = offered.find(({ target }) => !(target > 0));
      if (refused === undefined) {
        metrics = offered;
        return;
      }
      const message = `the target of ${refused.name} is ${refused.target}; an HPA needs one above 0`;
      failures.note({ what: 'GetMetricSpec', code: 'INVALID_TARGET', message });
    },
    async run(signal) {
      // A new HPA enters the controller's queue with the sync period as its delay (enqueueHPA): the wait comes first.
      await parts.timers.wait(parts.syncSeconds, signal);
      while (!signal.aborted) {
        await sync(signal);
        await parts.timers.wait(parts.syncSeconds, signal);
      }
    },
    get syncs() {
      return syncs;
    },
    get failedSyncs() {
      return failedSyncs;
    },
  };
}

/** Asks for each metric in turn. A metric whose query fails has no total; `failure` is the last such failure. */
async function readMetrics(
  { client, failures, metricType }: HpaParts,
  metrics: readonly KedaMetric[],
  signal: AbortSignal,
): Promise<{ readonly read: readonly HpaMetric[]; readonly failure: CallFailure | null }> {
  let failure: CallFailure | null = null;
  const read: HpaMetric[] = [];
  for (const { name, target } of metrics) {
    const total = await client.hpaQuery(name, signal).catch((error: unknown) => {
      if (!signal.aborted) failure = failures.note(toCallFailure(error));
      return undefined;
    });
    read.push({ total, target, type: metricType });
  }
  return { read, failure };
}

/** The largest of the values that are known; null when none is. */
export function largest(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : null;
}
