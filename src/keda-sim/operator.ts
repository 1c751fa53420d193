import { decideActivation, initialKedaState, type KedaSpec } from '../controllers/index.ts';
import type { Clock } from '../platform/clock.ts';
import { type FailureLog, toCallFailure } from './call-failures.ts';
import type { KedaClient, PollResult } from './client.ts';
import type { ScalerConnection } from './connection.ts';
import { type HpaController, largest } from './hpa-controller.ts';
import { watchActivity } from './push.ts';
import type { ScaleTarget } from './scale-target.ts';
import type { Timeline } from './timeline.ts';
import type { Timers } from './timers.ts';

export interface KedaOperator {
  /** Reconciles the ScaledObject once, then polls, and listens where the trigger pushes, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  readonly polls: number;
  readonly failedPolls: number;
}

interface OperatorParts {
  readonly spec: KedaSpec;
  readonly pollingIntervalSeconds: number;
  /** The connection on which StreamIsActive is held open, for triggers of type external-push. */
  readonly pushConnection: ScalerConnection | undefined;
  readonly client: KedaClient;
  readonly hpa: HpaController;
  readonly scaleTarget: ScaleTarget;
  readonly timeline: Timeline;
  readonly failures: FailureLog;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** KEDA's executor: scales by what the trigger says, and gives the reason. */
type Executor = (active: boolean, failed: boolean) => string;

/** KEDA's operator: polls the scaler and moves the workload between zero and some replicas; the HPA does the rest. */
export function createKedaOperator(parts: OperatorParts): KedaOperator {
  const { client, hpa, timeline, failures, timers } = parts;
  const execute = createExecutor(parts);
  let polls = 0;
  let failedPolls = 0;
  let polling: Promise<void> = Promise.resolve();

  function act(result: PollResult): void {
    hpa.writeMetrics(result.metrics);
    const [failure = null] = result.failures.map((error) => failures.note(toCallFailure(error)));
    const failed = failure !== null;
    polls++;
    if (failed) failedPolls++;
    const reason = execute(result.active, failed);
    const active = failed ? null : result.active;
    timeline.add({
      from: 'poll',
      reason,
      value: largest([...result.totals.values()]),
      active,
      fault: failure,
    });
  }

  async function poll(signal: AbortSignal): Promise<void> {
    try {
      const result = await client.poll(signal);
      if (!signal.aborted) act(result);
    } catch (error) {
      failures.note(toCallFailure(error));
    }
  }

  async function pollLoop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // The timer starts before the poll, so a slow scaler does not stretch the interval (startScaleLoop).
      const next = timers.wait(parts.pollingIntervalSeconds, signal);
      polling = poll(signal);
      await polling;
      await next;
    }
  }

  return {
    async run(signal) {
      await reconcile(parts, signal);
      await Promise.all([pollLoop(signal), listen(parts, { execute, polling: () => polling }, signal)]);
    },
    get polls() {
      return polls;
    },
    get failedPolls() {
      return failedPolls;
    },
  };
}

function createExecutor({ spec, scaleTarget, clock }: OperatorParts): Executor {
  let state = initialKedaState;
  return (active, failed) => {
    const observed = { nowSeconds: clock(), currentReplicas: scaleTarget.replicas, active, failed };
    const decision = decideActivation(spec, state, observed);
    state = decision.state;
    scaleTarget.scaleTo(decision.replicas);
    return decision.reason;
  };
}

async function reconcile({ client, hpa, failures }: OperatorParts, signal: AbortSignal): Promise<void> {
  try {
    hpa.writeMetrics(await client.metricSpecs({ signal }));
  } catch (error) {
    if (!signal.aborted) failures.note(toCallFailure(error));
  }
}

/** Acts on what the scaler pushes. KEDA polls and acts on pushes under one mutex, so a push waits for `polling` (checkScalers). */
async function listen(
  { pushConnection, timeline, failures, timers, scaleTarget }: OperatorParts,
  { execute, polling }: { readonly execute: Executor; readonly polling: () => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  if (pushConnection === undefined) return;
  let isPushWaiting = false;
  async function onPushed(active: boolean): Promise<void> {
    // KEDA acts on `true` only, since 2.18. One wake-up waiting is enough, however many messages come meanwhile.
    if (!active || isPushWaiting) return;
    isPushWaiting = true;
    await polling();
    isPushWaiting = false;
    if (signal.aborted) return;
    const before = scaleTarget.replicas;
    const reason = execute(true, false);
    if (scaleTarget.replicas !== before) timeline.add({ from: 'push', reason, active: true });
  }
  await watchActivity({
    connection: pushConnection,
    timers,
    signal,
    onActive: (active) => void onPushed(active),
    onFailure: (error) => {
      timeline.add({ from: 'push', reason: 'StreamBroken', fault: failures.note(toCallFailure(error)) });
    },
  });
}
