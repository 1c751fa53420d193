import { type HpaBehavior, hpaBounds, type KedaSpec } from '../controllers/index.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { within } from '../platform/deadline.ts';
import { createKedaClient } from './client.ts';
import {
  connectScaler,
  type ScaledObjectIdentity,
  type ScalerConnection,
  type ScalerRpc,
  type TriggerCertificates,
} from './connection.ts';
import { createFaultLog, messageOf, type SimFault } from './faults.ts';
import { createScaledFleet, type FleetOptions } from './fleet.ts';
import { createHpaController } from './hpa-controller.ts';
import { createKedaOperator } from './operator.ts';
import { createTimeline, type KedaSimEvent } from './timeline.ts';
import { systemTimers, type Timers } from './timers.ts';

/** A ScaledObject with one external trigger, the HPA made of it, and the fleet both scale. Defaults are KEDA's. */
export interface KedaSimOptions extends FleetOptions {
  /** The scaler's `host:port`, or a connection that the caller closes. */
  readonly scaler: string | ScalerConnection;
  /** For a scaler given by its address; none by default. */
  readonly certificates?: TriggerCertificates;
  readonly scaledObject: ScaledObjectIdentity;
  /** Default 30. May be a fraction, as every duration here: a demo plays hours in minutes. */
  readonly pollingIntervalSeconds?: number;
  /** Default 15. */
  readonly hpaSyncSeconds?: number;
  /** Default 0. */
  readonly minReplicas?: number;
  /** Default 100. */
  readonly maxReplicas?: number;
  readonly idleReplicas?: number;
  /** Default 300. */
  readonly cooldownSeconds?: number;
  readonly behavior?: HpaBehavior;
  /** Default 0.1. */
  readonly tolerance?: number;
  readonly metricType?: 'AverageValue' | 'Value';
  readonly useCachedMetrics?: boolean;
  /** Hold StreamIsActive open, as for a trigger of type external-push. */
  readonly push?: boolean;
  /** What the fleet runs with at first (default: minReplicas). */
  readonly initialReplicas?: number;
  readonly onEvent?: (event: KedaSimEvent) => void;
  /** How many events `timeline()` keeps (default 10,000). */
  readonly timelineLimit?: number;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** What a simulation amounts to so far. */
export interface KedaSimState {
  readonly replicas: number;
  readonly ready: number;
  readonly lowestReplicas: number;
  readonly highestReplicas: number;
  readonly changes: number;
  /** The newest that was had; null before the first. */
  readonly value: number | null;
  readonly active: boolean | null;
  readonly polls: number;
  readonly failedPolls: number;
  readonly hpaSyncs: number;
  readonly failedHpaSyncs: number;
  /** Of every kind: failed polls and queries, broken streams, a fleet that could not be scaled. */
  readonly faults: number;
  readonly lastFault: SimFault | null;
}

export interface KedaSim {
  /** Begins; calling it again changes nothing. */
  start(): void;
  /** Ends every loop, call and stream, and waits for them; a fleet that is being scaled gets 5 s to settle. */
  stop(): Promise<void>;
  state(): KedaSimState;
  /** Newest last, bounded. */
  timeline(): readonly KedaSimEvent[];
  /** RPCs made so far. */
  calls(): Readonly<Record<ScalerRpc, number>>;
}

/**
 * Plays KEDA's operator and the HPA controller against a scaler: loops that share one replica count. Whatever the
 * scaler or the fleet does wrong is recorded and counted; nothing is thrown out of the loops.
 */
export function createKedaSim(options: KedaSimOptions): KedaSim {
  const { scaler, scaledObject, clock = systemClock, timers = systemTimers } = options;
  const spec: KedaSpec = {
    minReplicas: options.minReplicas ?? 0,
    maxReplicas: options.maxReplicas ?? 100,
    cooldownSeconds: options.cooldownSeconds ?? 300,
    ...(options.idleReplicas !== undefined && { idleReplicas: options.idleReplicas }),
  };
  const connection =
    typeof scaler === 'string'
      ? connectScaler({ address: scaler, scaledObject, certificates: options.certificates ?? {} })
      : scaler;
  const client = createKedaClient(connection, { useCachedMetrics: options.useCachedMetrics ?? false });
  const faults = createFaultLog();
  const fleet = createScaledFleet(options.initialReplicas ?? spec.minReplicas, options, { clock, faults });
  const limit = options.timelineLimit ?? 10_000;
  const timeline = createTimeline({ clock, fleet, faults, limit, onEvent: options.onEvent });
  const shared = { client, fleet, timeline, faults, clock, timers };
  const hpa = createHpaController({
    ...shared,
    spec: {
      ...hpaBounds(spec),
      ...(options.behavior !== undefined && { behavior: options.behavior }),
      ...(options.tolerance !== undefined && { tolerance: options.tolerance }),
    },
    metricType: options.metricType ?? 'AverageValue',
    syncSeconds: options.hpaSyncSeconds ?? 15,
  });
  const operator = createKedaOperator({
    ...shared,
    spec,
    hpa,
    pollingIntervalSeconds: options.pollingIntervalSeconds ?? 30,
    pushConnection: options.push === true ? connection : undefined,
  });

  const stopping = new AbortController();
  let running: Promise<unknown> | undefined;
  return {
    start() {
      running ??= Promise.all([operator.run(stopping.signal), hpa.run(stopping.signal)]);
    },
    async stop() {
      stopping.abort();
      await running;
      if (typeof scaler === 'string') connection.close();
      try {
        await within(5_000, fleet.settled(), {
          error: () => new Error('the fleet did not settle within 5 s'),
        });
      } catch (error) {
        faults.note({ what: 'fleet', code: 'TIMEOUT', message: messageOf(error) });
      }
    },
    state: () => ({
      replicas: fleet.replicas,
      ready: fleet.ready(),
      lowestReplicas: fleet.lowestReplicas,
      highestReplicas: fleet.highestReplicas,
      changes: fleet.changes,
      value: timeline.value,
      active: timeline.active,
      polls: operator.polls,
      failedPolls: operator.failedPolls,
      hpaSyncs: hpa.syncs,
      failedHpaSyncs: hpa.failedSyncs,
      faults: faults.count,
      lastFault: faults.last,
    }),
    timeline: timeline.list,
    calls: () => ({ ...connection.calls }),
  };
}
