import { type HpaSpec, hpaBounds, hpaDefaults, type KedaSpec, kedaDefaults } from '../controllers/index.ts';
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
import { createHpaController } from './hpa-controller.ts';
import { runKedaOperator } from './operator.ts';
import { createScaleTarget, type ScalingOptions } from './scale-target.ts';
import { createTally, noteFailure, type Tally } from './tally.ts';
import { createReport, type KedaSimEvent } from './timeline.ts';
import { systemTimers, type Timers } from './timers.ts';

/** Settings of a ScaledObject and of its HPA. Default: `kedaDefaults` and `hpaDefaults`. */
type SpecOptions = { readonly [K in keyof (KedaSpec & HpaSpec)]?: (KedaSpec & HpaSpec)[K] | undefined };

/** A ScaledObject with one external trigger, the HPA made of it, and the workload both scale. */
export interface KedaSimOptions extends ScalingOptions, SpecOptions {
  /** The scaler's `host:port`, or a connection that the caller closes. */
  readonly scaler: string | ScalerConnection;
  /** Certificates for a scaler that is given by its address. Default: none. */
  readonly certificates?: TriggerCertificates;
  readonly scaledObject: ScaledObjectIdentity;
  /** Default: `kedaDefaults`. It may be a fraction, as every duration here may: a demo plays hours in minutes. */
  readonly pollingIntervalSeconds?: number | undefined;
  /** Default: `hpaDefaults.syncSeconds`. */
  readonly hpaSyncSeconds?: number;
  readonly metricType?: 'AverageValue' | 'Value';
  readonly useCachedMetrics?: boolean;
  /** Whether StreamIsActive is held open, as for a trigger of type external-push. */
  readonly push?: boolean;
  /** Replicas at the start. Default: `minReplicas`. */
  readonly initialReplicas?: number;
  readonly onEvent?: (event: KedaSimEvent) => void;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** The state and the counts of a simulation so far. */
export interface KedaSimState extends Readonly<Tally> {
  /** Replicas that serve at this moment. */
  readonly ready: number;
}

export interface KedaSim {
  /** Begins; calling it again changes nothing. */
  start(): void;
  /** Ends every loop, call and stream, and waits for them; a workload that is being scaled gets 5 s to settle. */
  stop(): Promise<void>;
  state(): KedaSimState;
  /** RPCs made so far. */
  calls(): Readonly<Record<ScalerRpc, number>>;
}

/**
 * Plays KEDA's operator and the HPA controller against a scaler: loops that share one replica count. Whatever the
 * scaler or the workload does wrong is recorded and counted; the loops throw nothing.
 */
export function createKedaSim(options: KedaSimOptions): KedaSim {
  const { scaler, clock = systemClock, timers = systemTimers, onEvent = () => {} } = options;
  const { behavior, tolerance } = options;
  const spec = kedaSpec(options);
  const connection = typeof scaler === 'string' ? connectScaler({ ...options, address: scaler }) : scaler;
  const tally = createTally(options.initialReplicas ?? spec.minReplicas);
  const scaleTarget = createScaleTarget(tally, options, clock);
  const stage = {
    client: createKedaClient(connection, options),
    scaleTarget,
    tally,
    report: createReport({ clock, scaleTarget, tally }, onEvent),
    clock,
    timers,
  };
  const hpa = createHpaController(stage, {
    spec: { ...hpaBounds(spec), behavior, tolerance },
    metricType: options.metricType ?? 'AverageValue',
    syncSeconds: options.hpaSyncSeconds ?? hpaDefaults.syncSeconds,
  });
  const operatorOptions = {
    spec,
    hpa,
    pollingIntervalSeconds: options.pollingIntervalSeconds ?? kedaDefaults.pollingIntervalSeconds,
    pushConnection: options.push === true ? connection : undefined,
  };

  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<unknown> | undefined;
  return {
    start() {
      running ??= Promise.all([runKedaOperator(stage, operatorOptions, signal), hpa.run(signal)]);
    },
    async stop() {
      stopping.abort();
      await running;
      if (typeof scaler === 'string') connection.close();
      await within(5_000, scaleTarget.settled()).catch(() => {
        const message = 'the fleet did not settle within 5 s';
        noteFailure(tally, { what: 'fleet', code: 'TIMEOUT', message });
      });
    },
    state: () => ({ ...tally, ready: scaleTarget.ready() }),
    calls: () => ({ ...connection.calls }),
  };
}

function kedaSpec({ minReplicas, maxReplicas, cooldownSeconds, idleReplicas }: KedaSimOptions): KedaSpec {
  return {
    minReplicas: minReplicas ?? kedaDefaults.minReplicas,
    maxReplicas: maxReplicas ?? kedaDefaults.maxReplicas,
    cooldownSeconds: cooldownSeconds ?? kedaDefaults.cooldownSeconds,
    idleReplicas,
  };
}
