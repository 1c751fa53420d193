import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Decision } from '../forecast/index.ts';
import { within } from '../platform/deadline.ts';
import { errorTable, ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type {
  ExternalScalerHandlers,
  GetMetricsRequest,
  ScaledObjectRef,
} from '../platform/protocol/external-scaler.ts';
import type { Workloads } from './directory/workloads.ts';
import { createFirstSight, type FirstSight, notOpened } from './first-sight.ts';
import { toMetricSpec, toMetricValue } from './grpc/metric-wire.ts';
import { createRpcFailureLog } from './grpc/rpc-failure-log.ts';
import { parseTriggerMetadata } from './trigger-metadata.ts';
import { decisionOrError, type Workload } from './workload.ts';
import type { TriggerRef } from './workload-identity.ts';

/** Longest time that the first RPC about a workload waits for the source; later ones never wait. */
const firstSightMs = 2_000;
/** Deadline of every RPC. KEDA sets none, and an RPC that hangs stops its polling (seen with KEDA 2.20.2). */
const rpcDeadlineMs = 2_500;
/** 2,000 characters are at most 18 KiB when encoded; peers take 64 KiB of headers and more. */
const maxDetailsCharacters = 2_000;
/** How often StreamIsActive repeats `true`, and counts as asking for its workload. */
const usualHeartbeatMs = 30_000;

export interface ServiceOptions {
  readonly workloads: Workloads;
  readonly log: Logger;
  /** Called after every RPC with its method, the gRPC status name, and the seconds it took. */
  readonly onRpc: (method: string, statusName: string, seconds: number) => void;
  /** Seconds on a clock that never goes back. */
  readonly monotonic: () => number;
  /** How often StreamIsActive repeats `true` and counts as asking. Default: 30 s. */
  readonly heartbeatMs?: number;
}

export interface ScalerService {
  /** StreamMetricSpec is absent on purpose: the specification depends on metadata alone, and KEDA takes UNIMPLEMENTED well. */
  readonly handlers: Omit<ExternalScalerHandlers, 'StreamMetricSpec'>;
  /** Streams that are open now. */
  openStreams(): number;
  /** Ends every open stream cleanly, so that KEDA reconnects elsewhere at once. */
  endStreams(): void;
}

/** KEDA's external scaler contract over the workloads. Handlers translate; decisions are made in decision/policy.ts. */
export function createScalerService(options: ServiceOptions): ScalerService {
  const firstSight = createFirstSight(options.workloads);
  const streams = new Set<() => void>();
  const failures = createRpcFailureLog(options.log, options.monotonic);
  const unary = createUnary(options, failures);
  return {
    handlers: {
      IsActive: unary('IsActive', toTriggerRef, (ref) =>
        answered(firstSight, ref, ({ decision }) => ({ result: activity(ref, decision) })),
      ),
      GetMetricSpec: unary('GetMetricSpec', toTriggerRef, (ref) => ({
        metricSpecs: [toMetricSpec(thresholdOf(options.workloads, ref))],
      })),
      GetMetrics: unary(
        'GetMetrics',
        (request: GetMetricsRequest) => toTriggerRef(request.scaledObjectRef),
        (ref, { metricName = '' }) =>
          answered(firstSight, ref, ({ workload, decision }) => ({
            metricValues: [toMetricValue(metricName, decision.signal, workload.threshold)],
          })),
      ),
      StreamIsActive: (call: ActivityCall) =>
        streamActivity({ ...options, firstSight }, failures, call, streams),
    },
    openStreams: () => streams.size,
    endStreams() {
      for (const end of [...streams]) end();
    },
  };
}

/**
 * Makes handlers that answer one RPC and report it to `onRpc`. An answer that is there is sent at once; one that has to be waited for
 * is sent within the deadline.
 */
function createUnary({ monotonic, onRpc }: ServiceOptions, failures: ReturnType<typeof createRpcFailureLog>) {
  return <Request, Response extends object>(
    method: string,
    refOf: (request: Request) => TriggerRef,
    answer: (ref: TriggerRef, request: Request) => Response | Promise<Response>,
  ) =>
    ({ request }: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const startedSeconds = monotonic();
      const ref = refOf(request);
      const succeed = (response: Response) => {
        onRpc(method, 'OK', monotonic() - startedSeconds);
        callback(null, response);
      };
      const fail = (thrown: unknown) => {
        const error = toForescaleError(thrown);
        onRpc(method, errorTable[error.code].grpcStatus, monotonic() - startedSeconds);
        failures.note(method, ref, error);
        callback(toServiceError(error));
      };
      const found = attempt(() => answer(ref, request));
      const tooLate = () =>
        new ForescaleError('overloaded', `${method} took longer than ${rpcDeadlineMs} ms`);
      if ('thrown' in found) fail(found.thrown);
      else if (!(found.answer instanceof Promise)) succeed(found.answer);
      else within(rpcDeadlineMs, found.answer, { error: tooLate }).then(succeed, fail);
    };
}

function attempt<T>(work: () => T): { readonly answer: T } | { readonly thrown: unknown } {
  try {
    return { answer: work() };
  } catch (thrown) {
    return { thrown };
  }
}

type ActivityCall = ServerWritableStream<ScaledObjectRef, { result?: boolean }>;

/** Sends whether the workload is active, at once and after each change, until the call or the server ends. */
function streamActivity(
  {
    workloads,
    firstSight,
    heartbeatMs = usualHeartbeatMs,
  }: Pick<ServiceOptions, 'heartbeatMs' | 'workloads'> & { readonly firstSight: FirstSight },
  failures: ReturnType<typeof createRpcFailureLog>,
  call: ActivityCall,
  streams: Set<() => void>,
): void {
  const ended = new AbortController();
  const end = () => {
    if (!streams.delete(end)) return;
    ended.abort();
    stopListening?.();
    clearInterval(heartbeat);
    call.end();
  };
  let stopListening: (() => void) | undefined;
  let sent: boolean | undefined;
  const send = (active: boolean) => {
    if (active === sent) return;
    sent = active;
    call.write({ result: active });
  };
  let heartbeat: NodeJS.Timeout | undefined;
  const beat = () => {
    // Its workload was closed, for example for another one's sake: KEDA opens a stream that ended again, and with it the workload.
    if (!workloads.noteStream(ref)) return end();
    if (sent === true) call.write({ result: true });
  };
  call.on('cancelled', end);
  call.on('error', end);
  streams.add(end);

  const ref = toTriggerRef(call.request as ScaledObjectRef);
  const begin = async () => {
    const { workload, decision } = await decisionFor(firstSight, ref, ended.signal);
    const active = activity(ref, decision);
    if (!streams.has(end)) return;
    heartbeat = setInterval(beat, heartbeatMs).unref();
    send(active);
    stopListening = workload.onDecision((next) => {
      if (next.fresh || next.active) send(next.active);
    });
  };
  begin().catch((thrown: unknown) => {
    if (ended.signal.aborted) return;
    const error = toForescaleError(thrown);
    failures.note('StreamIsActive', ref, error);
    call.emit('error', toServiceError(error));
  });
}

/** A workload and its decision. */
interface Decided {
  readonly workload: Workload;
  readonly decision: Decision;
}

/**
 * An answer about the decision of a workload: at once where there is one, as for every call but the first ones, without a promise or
 * a timer.
 */
function answered<T>(
  firstSight: FirstSight,
  ref: TriggerRef,
  answer: (decided: Decided) => T,
): T | Promise<T> {
  const workload = firstSight.opened(ref);
  const decision = workload?.decision();
  if (workload === undefined || decision === undefined) return decisionFor(firstSight, ref).then(answer);
  return answer({ workload, decision });
}

/**
 * Opens the workload and waits, at its first sight only, for an observation. Throws where there is no decision to serve. A call waits
 * `firstSightMs` for both, so that an answer is there before its deadline. A stream has none: it waits for its turn to be opened
 * until `ended` aborts, because KEDA opens thousands at once and begins anew with each that is refused.
 */
async function decisionFor(firstSight: FirstSight, ref: TriggerRef, ended?: AbortSignal): Promise<Decided> {
  const askedMs = performance.now();
  const turnMs = ended === undefined ? firstSightMs : Number.POSITIVE_INFINITY;
  const inTurn = () => within(turnMs, firstSight.open(ref, ended), { error: () => notOpened(ref) });
  const workload = firstSight.opened(ref) ?? (await inTurn());
  if (workload.decision() === undefined) {
    const leftMs = Math.min(firstSightMs, turnMs - (performance.now() - askedMs));
    await within(Math.max(1, leftMs), workload.firstObserved).catch(() => undefined);
  }
  return { workload, decision: decisionOrError(workload) };
}

/**
 * Whether the workload is active. Throws while it is asleep and blind, because then it is unknown whether it should wake, and a
 * failure must never cause the answer `false`.
 */
function activity(ref: TriggerRef, decision: Decision): boolean {
  if (decision.active || decision.fresh) return decision.active;
  throw new ForescaleError(
    'stale',
    `${ref.namespace}/${ref.name}: no fresh observation, so it cannot be said whether it is active`,
  );
}

/**
 * The target of a trigger. It depends on the metadata alone, which were parsed where the workload is open: none is opened and no
 * source is asked, so that it is answered while everything else is down.
 */
function thresholdOf(workloads: Pick<Workloads, 'known'>, ref: TriggerRef): number {
  return workloads.known(ref)?.threshold ?? parseTriggerMetadata(ref.scalerMetadata).settings.threshold;
}

/**
 * gRPC sends the details as a percent-encoded header. A header that is too long ends the connection, which KEDA shares among all
 * its ScaledObjects. Half a surrogate pair (from cutting, or from a source's own text) cannot be encoded at all.
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
