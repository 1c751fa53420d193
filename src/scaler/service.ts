import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import { within } from '../platform/deadline.ts';
import { errorTable, ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { ExternalScalerHandlers, ScaledObjectRef } from '../protocol/external-scaler.ts';
import { toMetricSpec, toMetricValue } from './metric-wire.ts';
import { parseTriggerMetadata } from './trigger-metadata.ts';
import { decisionOrError, type Workload } from './workload.ts';
import type { TriggerRef, Workloads } from './workloads.ts';

/** At first sight of a workload, and only then, an RPC waits for the source, at most this long. */
const firstSightMs = 2_000;
/** The longest any RPC takes. KEDA sets no deadline of its own, and one that hangs stops its polling (seen with KEDA 2.20.2). */
const rpcDeadlineMs = 2_500;
/** 2,000 characters are at most 18 KiB when encoded; peers take 64 KiB of headers and more. */
const maxDetailsCharacters = 2_000;
/** How often StreamIsActive repeats `true`. */
const heartbeatMs = 30_000;

export interface ServiceOptions {
  readonly workloads: Workloads;
  readonly log: Logger;
  /** Told after every RPC: its method, the gRPC status name, and how long it took. */
  readonly onRpc: (method: string, statusName: string, seconds: number) => void;
  /** Seconds on a clock that never goes back. */
  readonly monotonic: () => number;
}

export interface ScalerService {
  /** StreamMetricSpec is absent on purpose: the specification depends on metadata alone, and KEDA takes UNIMPLEMENTED well. */
  readonly handlers: Omit<ExternalScalerHandlers, 'StreamMetricSpec'>;
  /** Ends every open stream cleanly, so that KEDA reconnects elsewhere at once. */
  endStreams(): void;
}

/** KEDA's external scaler contract over the workloads. Handlers translate; decisions are made in policy.ts. */
export function createScalerService(options: ServiceOptions): ScalerService {
  const { workloads, log } = options;
  const streams = new Set<() => void>();

  async function decisionFor(ref: TriggerRef) {
    const workload = workloads.open(ref);
    if (workload.decision() === undefined) await withinFirstSight(workload);
    return decisionOrError(workload);
  }

  async function isActive(ref: TriggerRef): Promise<boolean> {
    const decision = await decisionFor(ref);
    // Asleep and blind: whether to wake cannot be known, and `false` by fault is the one answer never given.
    if (!decision.active && !decision.fresh) {
      throw new ForescaleError(
        'stale',
        `${ref.namespace}/${ref.name}: no fresh observation, so it cannot be said whether it is active`,
      );
    }
    return decision.active;
  }

  function unary<Request, Response>(
    method: string,
    answer: (request: Request) => Response | Promise<Response>,
  ) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const startedSeconds = options.monotonic();
      const work = Promise.resolve().then(() => answer(call.request));
      within(rpcDeadlineMs, work, {
        error: () => new Error(`${method} took longer than ${rpcDeadlineMs} ms`),
      }).then(
        (response) => {
          options.onRpc(method, 'OK', options.monotonic() - startedSeconds);
          callback(null, response);
        },
        (thrown: unknown) => {
          const error = toForescaleError(thrown);
          options.onRpc(method, errorTable[error.code].grpcStatus, options.monotonic() - startedSeconds);
          log.warn({ method, code: error.code, error: error.message }, 'rpc-failed');
          callback(toServiceError(error));
        },
      );
    };
  }

  function streamIsActive(call: ServerWritableStream<ScaledObjectRef, { result?: boolean }>): void {
    const end = () => {
      streams.delete(end);
      stopListening?.();
      clearInterval(heartbeat);
      call.end();
    };
    let stopListening: (() => void) | undefined;
    let told: boolean | undefined;
    const tell = (active: boolean) => {
      if (active === told) return;
      told = active;
      call.write({ result: active });
    };
    const heartbeat = setInterval(() => told === true && call.write({ result: true }), heartbeatMs);
    heartbeat.unref();
    call.on('cancelled', end);
    call.on('error', end);
    streams.add(end);

    const ref = toTriggerRef(call.request as ScaledObjectRef);
    isActive(ref).then(
      (active) => {
        if (!streams.has(end)) return;
        tell(active);
        stopListening = workloads.open(ref).onDecision((decision) => {
          if (decision.fresh || decision.active) tell(decision.active);
        });
      },
      (thrown: unknown) => {
        const error = toForescaleError(thrown);
        log.warn({ method: 'StreamIsActive', code: error.code, error: error.message }, 'rpc-failed');
        call.emit('error', toServiceError(error));
      },
    );
  }

  return {
    handlers: {
      IsActive: unary('IsActive', async (ref) => ({ result: await isActive(toTriggerRef(ref)) })),
      GetMetricSpec: unary('GetMetricSpec', (ref) => ({ metricSpecs: [specFor(toTriggerRef(ref))] })),
      GetMetrics: unary('GetMetrics', async ({ scaledObjectRef, metricName }) => {
        const ref = toTriggerRef(scaledObjectRef);
        const decision = await decisionFor(ref);
        return { metricValues: [toMetricValue(metricName, decision.signal, workloads.open(ref).threshold)] };
      }),
      StreamIsActive: streamIsActive,
    },
    endStreams() {
      for (const end of [...streams]) end();
    },
  };
}

/** From metadata alone: no workload is opened, no source asked, so it works while everything else is down. */
function specFor(ref: TriggerRef) {
  return toMetricSpec(parseTriggerMetadata(ref.scalerMetadata).settings.threshold);
}

async function withinFirstSight(workload: Workload): Promise<void> {
  await within(firstSightMs, workload.firstObserved).catch(() => undefined);
}

/**
 * gRPC sends the details as a percent-encoded header. What is too long for one ends the connection, which KEDA shares
 * among all its ScaledObjects, and half a surrogate pair (cut, or from a source's own words) cannot be encoded at all.
 */
function toServiceError({ code, message }: ForescaleError) {
  const details = `${code}: ${message}`.slice(0, maxDetailsCharacters).toWellFormed();
  return { code: status[errorTable[code].grpcStatus], details };
}

/** proto3 leaves out what is empty; a ref without a name still gets an answer that says what is wrong with it. */
function toTriggerRef(ref: ScaledObjectRef | null | undefined): TriggerRef {
  return {
    namespace: ref?.namespace ?? '',
    name: ref?.name ?? '',
    scalerMetadata: ref?.scalerMetadata ?? {},
  };
}
