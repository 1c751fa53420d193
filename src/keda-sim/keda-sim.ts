import {
  type HpaBehavior,
  type HpaSpec,
  hpaBounds,
  hpaDefaults,
  type KedaSpec,
  kedaDefaults,
} from '../controllers/index.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { within } from '../platform/deadline.ts';
import { type CallFailure, createFailureLog, type FailureLog, messageOf } from './call-failures.ts';
import { createKedaClient } from './client.ts';
import {
  connectScaler,
  type ScaledObjectIdentity,
  type ScalerConnection,
  type ScalerRpc,
  type TriggerCertificates,
} from './connection.ts';
import { createHpaController, type HpaController } from './hpa-controller.ts';
import { createKedaOperator, type KedaOperator } from './operator.ts';
import { createScaleTarget, type ScaleTarget, type ScalingOptions } from './scale-target.ts';
import { createTimeline, type KedaSimEvent, type Timeline } from './timeline.ts';
import { systemTimers, type Timers } from './timers.ts';

/** A ScaledObject with one external trigger, the HPA made of it, and the workload both scale. */
export interface KedaSimOptions extends ScalingOptions {
  /** The scaler's `host:port`, or a connection that the caller closes. */
  readonly scaler: string | ScalerConnection;
  /** Certificates for a scaler that is given by its address. Default: none. */
  readonly certificates?: TriggerCertificates;
  readonly scaledObject: ScaledObjectIdentity;
  /** Default: `kedaDefaults`. It may be a fraction, as every duration here may: a demo plays hours in minutes. */
  readonly pollingIntervalSeconds?: number;
  /** Default: `hpaDefaults.syncSeconds`. */
  readonly hpaSyncSeconds?: number;
  /** Default: `kedaDefaults`. */
  readonly minReplicas?: number;
  /** Default: `kedaDefaults`. */
  readonly maxReplicas?: number;
  readonly idleReplicas?: number;
  /** Default: `kedaDefaults`. */
  readonly cooldownSeconds?: number;
  readonly behavior?: HpaBehavior;
  /** Default: `hpaDefaults`. */
  readonly tolerance?: number;
  readonly metricType?: 'AverageValue' | 'Value';
  readonly useCachedMetrics?: boolean;
  /** Whether StreamIsActive is held open, as for a trigger of type external-push. */
  readonly push?: boolean;
  /** Replicas at the start. Default: `minReplicas`. */
  readonly initialReplicas?: number;
  readonly onEvent?: (event: KedaSimEvent) => void;
  /** How many events `timeline()` keeps. Default: 10,000. */
  readonly timelineLimit?: number;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** The state and the counts of a simulation so far. */
export interface KedaSimState {
  readonly replicas: number;
  readonly ready: number;
  readonly lowestReplicas: number;
  readonly highestReplicas: number;
  readonly changes: number;
  /** The newest value of the metric; null before the first. */
  readonly value: number | null;
  /** The newest answer of IsActive; null before the first. */
  readonly active: boolean | null;
  readonly polls: number;
  readonly failedPolls: number;
  readonly hpaSyncs: number;
  readonly failedHpaSyncs: number;
  /** Number of failures of every kind: polls, queries, broken streams, a workload that could not be scaled. */
  readonly failures: number;
  readonly lastFailure: CallFailure | null;
}

export interface KedaSim {
  /** Begins; calling it again changes nothing. */
  start(): void;
  /** Ends every loop, call and stream, and waits for them; a workload that is being scaled gets 5 s to settle. */
  stop(): Promise<void>;
  state(): KedaSimState;
  /** The newest events, the last one newest. */
  timeline(): readonly KedaSimEvent[];
  /** RPCs made so far. */
  calls(): Readonly<Record<ScalerRpc, number>>;
}

/**
 * Plays KEDA's operator and the HPA controller against a scaler: loops that share one replica count. Whatever the
 * scaler or the workload does wrong is recorded and counted; the loops throw nothing.
 */
export function createKedaSim(options: KedaSimOptions): KedaSim {
  const { scaler, clock = systemClock, timers = systemTimers } = options;
  const spec = kedaSpec(options);
  const connection = typeof scaler === 'string' ? connect(scaler, options) : scaler;
  const client = createKedaClient(connection, { useCachedMetrics: options.useCachedMetrics ?? false });
  const failures = createFailureLog();
  const initialReplicas = options.initialReplicas ?? spec.minReplicas;
  const scaleTarget = createScaleTarget(initialReplicas, options, { clock, failures });
  const limit = options.timelineLimit ?? 10_000;
  const timeline = createTimeline({ clock, scaleTarget, failures, limit, onEvent: options.onEvent });
  const shared = { client, scaleTarget, timeline, failures, clock, timers };
  const hpa = createHpaController({
    ...shared,
    spec: hpaSpec(spec, options),
    metricType: options.metricType ?? 'AverageValue',
    syncSeconds: options.hpaSyncSeconds ?? hpaDefaults.syncSeconds,
  });
  const operator = createKedaOperator({
    ...shared,
    spec,
    hpa,
    pollingIntervalSeconds: options.pollingIntervalSeconds ?? kedaDefaults.pollingIntervalSeconds,
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
      await settle(scaleTarget, failures);
    },
    state: () => stateOf({ scaleTarget, timeline, operator, hpa, failures }),
    timeline: timeline.list,
    calls: () => ({ ...connection.calls }),
  };
}

function kedaSpec({ minReplicas, maxReplicas, cooldownSeconds, idleReplicas }: KedaSimOptions): KedaSpec {
  return {
    minReplicas: minReplicas ?? kedaDefaults.minReplicas,
    maxReplicas: maxReplicas ?? kedaDefaults.maxReplicas,
    cooldownSeconds: cooldownSeconds ?? kedaDefaults.cooldownSeconds,
    ...(idleReplicas !== undefined && { idleReplicas }),
  };
}

function hpaSpec(spec: KedaSpec, { behavior, tolerance }: KedaSimOptions): HpaSpec {
  return {
    ...hpaBounds(spec),
    ...(behavior !== undefined && { behavior }),
    ...(tolerance !== undefined && { tolerance }),
  };
}

function connect(address: string, { scaledObject, certificates = {} }: KedaSimOptions): ScalerConnection {
  return connectScaler({ address, scaledObject, certificates });
}

async function settle(scaleTarget: ScaleTarget, failures: FailureLog): Promise<void> {
  try {
    await within(5_000, scaleTarget.settled(), {
      error: () => new Error('the fleet did not settle within 5 s'),
    });
  } catch (error) {
    failures.note({ what: 'fleet', code: 'TIMEOUT', message: messageOf(error) });
  }
}

function stateOf(parts: {
  readonly scaleTarget: ScaleTarget;
  readonly timeline: Timeline;
  readonly operator: KedaOperator;
  readonly hpa: HpaController;
  readonly failures: FailureLog;
}): KedaSimState {
  const { scaleTarget, timeline, operator, hpa, failures } = parts;
  return {
    replicas: scaleTarget.replicas,
    ready: scaleTarget.ready(),
    lowestReplicas: scaleTarget.lowestReplicas,
    highestReplicas: scaleTarget.highestReplicas,
    changes: scaleTarget.changes,
    value: timeline.value,
    active: timeline.active,
    polls: operator.polls,
    failedPolls: operator.failedPolls,
    hpaSyncs: hpa.syncs,
    failedHpaSyncs: hpa.failedSyncs,
    failures: failures.count,
    lastFailure: failures.last,
  };
}
