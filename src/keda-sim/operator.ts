import { decideActivation, initialKedaState, type KedaSpec } from '../controllers/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { KedaClient, PollResult } from './client.ts';
import type { ScalerConnection } from './connection.ts';
import { type FaultLog, toFault } from './faults.ts';
import type { ScaledFleet } from './fleet.ts';
import { type HpaController, largest } from './hpa-controller.ts';
import { watchActivity } from './push.ts';
import type { Timeline } from './timeline.ts';
import type { Timers } from './timers.ts';

export interface KedaOperator {
  /** Reconciles the ScaledObject once, then polls, and listens where the trigger pushes, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  readonly polls: number;
  readonly failedPolls: number;
}

/** KEDA's operator: polls the scaler and moves the workload between zero and some replicas; the rest is the HPA's. */
export function createKedaOperator(parts: {
  readonly spec: KedaSpec;
  readonly pollingIntervalSeconds: number;
  /** For triggers of type external-push: what StreamIsActive is held open on. */
  readonly pushConnection: ScalerConnection | undefined;
  readonly client: KedaClient;
  readonly hpa: HpaController;
  readonly fleet: ScaledFleet;
  readonly timeline: Timeline;
  readonly faults: FaultLog;
  readonly clock: Clock;
  readonly timers: Timers;
}): KedaOperator {
  const { spec, client, hpa, fleet, timeline, faults, clock, timers } = parts;
  let state = initialKedaState;
  let polls = 0;
  let failedPolls = 0;
  // KEDA polls and acts on pushes under one mutex: a poll that hangs holds pushes up too (checkScalers).
  let polling: Promise<void> = Promise.resolve();
  let isPushWaiting = false;

  function requestScale(active: boolean, failed: boolean): string {
    const observed = { nowSeconds: clock(), currentReplicas: fleet.replicas, active, failed };
    const decision = decideActivation(spec, state, observed);
    state = decision.state;
    fleet.scaleTo(decision.replicas);
    return decision.reason;
  }

  async function reconcile(signal: AbortSignal): Promise<void> {
    try {
      hpa.writeMetrics(await client.metricSpecs({ signal }));
    } catch (error) {
      if (!signal.aborted) faults.note(toFault(error));
    }
  }

  function act(result: PollResult): void {
    hpa.writeMetrics(result.metrics);
    const [fault = null] = result.faults.map((error) => faults.note(toFault(error)));
    const failed = fault !== null;
    polls++;
    if (failed) failedPolls++;
    const reason = requestScale(result.active, failed);
    const active = failed ? null : result.active;
    timeline.add({ from: 'poll', reason, value: largest([...result.totals.values()]), active, fault });
  }

  async function poll(signal: AbortSignal): Promise<void> {
    try {
      const result = await client.poll(signal);
      if (!signal.aborted) act(result);
    } catch (error) {
      faults.note(toFault(error));
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

  async function onPushed(active: boolean, signal: AbortSignal): Promise<void> {
    // KEDA acts on `true` only, since 2.18. One wake-up waiting is enough, however many messages come meanwhile.
    if (!active || isPushWaiting) return;
    isPushWaiting = true;
    await polling;
    isPushWaiting = false;
    if (signal.aborted) return;
    const before = fleet.replicas;
    const reason = requestScale(true, false);
    if (fleet.replicas !== before) timeline.add({ from: 'push', reason, active: true });
  }

  async function pushLoop(connection: ScalerConnection, signal: AbortSignal): Promise<void> {
    await watchActivity({
      connection,
      timers,
      signal,
      onActive: (active) => void onPushed(active, signal),
      onFault: (error) => {
        timeline.add({ from: 'push', reason: 'StreamBroken', fault: faults.note(toFault(error)) });
      },
    });
  }

  return {
    async run(signal) {
      await reconcile(signal);
      const { pushConnection } = parts;
      await Promise.all([
        pollLoop(signal),
        ...(pushConnection === undefined ? [] : [pushLoop(pushConnection, signal)]),
      ]);
    },
    get polls() {
      return polls;
    },
    get failedPolls() {
      return failedPolls;
    },
  };
}
