import { decideActivation, initialKedaState, type KedaSpec } from '../controllers/index.ts';
import type { ScalerConnection } from './connection.ts';
import { type HpaController, largest } from './hpa-controller.ts';
import { watchPushes } from './push.ts';
import type { Stage } from './stage.ts';
import { noteThrown } from './tally.ts';

interface OperatorOptions {
  readonly spec: KedaSpec;
  readonly pollingIntervalSeconds: number;
  /** The connection on which StreamIsActive is held open, for triggers of type external-push. */
  readonly pushConnection: ScalerConnection | undefined;
  readonly hpa: HpaController;
}

/**
 * KEDA's operator: reconciles the ScaledObject once, then polls the scaler, and listens where the trigger pushes, until
 * `signal` aborts. It moves the workload between zero and some replicas; the HPA does the rest.
 */
export async function runKedaOperator(
  stage: Stage,
  options: OperatorOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, tally, timers, report } = stage;
  const { hpa, pollingIntervalSeconds, pushConnection } = options;
  const execute = createExecutor(stage, options.spec);
  let polling: Promise<void> = Promise.resolve();
  let isPushWaiting = false;

  async function poll(): Promise<void> {
    try {
      const { metrics, failures, active, totals } = await client.poll(signal);
      if (signal.aborted) return;
      hpa.writeMetrics(metrics);
      const [fault = null] = failures.map((error) => noteThrown(tally, error));
      const failed = fault !== null;
      tally.polls++;
      if (failed) tally.failedPolls++;
      const reason = execute(active, failed);
      const value = largest([...totals.values()]);
      report({ from: 'poll', reason, value, active: failed ? null : active, fault });
    } catch (error) {
      noteThrown(tally, error);
    }
  }

  async function pollLoop(): Promise<void> {
    while (!signal.aborted) {
      // The timer starts before the poll, so a slow scaler does not stretch the interval (startScaleLoop).
      const next = timers.wait(pollingIntervalSeconds, signal);
      polling = poll();
      await polling;
      await next;
    }
  }

  /** KEDA polls and acts on pushes under one mutex, so a push waits for the poll that is under way (checkScalers). */
  async function onPushed(active: boolean): Promise<void> {
    // KEDA acts on `true` only, since 2.18. One wake-up waiting is enough, however many messages come meanwhile.
    if (!active || isPushWaiting) return;
    isPushWaiting = true;
    await polling;
    isPushWaiting = false;
    if (signal.aborted) return;
    const before = tally.replicas;
    const reason = execute(true, false);
    if (tally.replicas !== before) report({ from: 'push', reason, active: true });
  }

  try {
    hpa.writeMetrics(await client.metricSpecs({ signal }));
  } catch (error) {
    if (!signal.aborted) noteThrown(tally, error);
  }
  const listening = pushConnection && watchPushes(stage, pushConnection, onPushed, signal);
  await Promise.all([pollLoop(), listening]);
}

/** KEDA's executor: scales by what the trigger says, and gives the reason. */
function createExecutor({ scaleTarget, tally, clock }: Stage, spec: KedaSpec) {
  let state = initialKedaState;
  return (active: boolean, failed: boolean): string => {
    const observed = { nowSeconds: clock(), currentReplicas: tally.replicas, active, failed };
    const decision = decideActivation(spec, state, observed);
    state = decision.state;
    scaleTarget.scaleTo(decision.replicas);
    return decision.reason;
  };
}
