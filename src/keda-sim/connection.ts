import {
  type ChannelCredentials,
  type ClientOptions,
  type ClientUnaryCall,
  credentials,
  type requestCallback,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { ReportedTarget, ReportedValue } from '../controllers/index.ts';
import { ExternalScaler, type ScaledObjectRef } from '../platform/protocol/external-scaler.ts';

export type ScalerRpc = 'GetMetricSpec' | 'GetMetrics' | 'IsActive' | 'StreamIsActive';

/** Which ScaledObject asks, as KEDA identifies it to a scaler. */
export interface ScaledObjectIdentity {
  readonly namespace: string;
  readonly name: string;
  /** The trigger's metadata, verbatim. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Default: none, as KEDA's poll has none. */
  readonly deadlineSeconds?: number;
}

/** One metric of a specification. */
export interface ReportedSpec extends ReportedTarget {
  readonly metricName: string;
}

/** The scaler's RPCs, one call each, without repetition or interpretation. All of them reject with ScalerCallError. */
export interface ScalerConnection {
  getMetricSpec(options: CallOptions): Promise<readonly ReportedSpec[]>;
  getMetrics(metricName: string, options: CallOptions): Promise<readonly ReportedValue[]>;
  isActive(options: CallOptions): Promise<boolean>;
  /** Resolves when the server ends the stream, rejects when it breaks. */
  streamIsActive(onMessage: (active: boolean) => void, options: CallOptions): Promise<void>;
  /** Calls made so far. */
  readonly calls: Readonly<Record<ScalerRpc, number>>;
  close(): void;
}

/** A call of the scaler that failed: its RPC, the gRPC status name, and its text. */
export class ScalerCallError extends Error {
  override readonly name = 'ScalerCallError';
  readonly rpc: ScalerRpc;
  readonly code: string;

  constructor(rpc: ScalerRpc, code: string, message: string) {
    super(message);
    this.rpc = rpc;
    this.code = code;
  }
}

/** Options of KEDA's connection pool: round robin over the addresses of the name, no retries of its own, no keepalive. */
export const channelOptions: ClientOptions = {
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.use_local_subchannel_pool': 1,
};

type UnaryCall<Answer> = (
  bounds: { readonly deadline?: number },
  done: requestCallback<Answer>,
) => ClientUnaryCall;

/** What KEDA takes from a TriggerAuthentication: caCert, and tlsClientCert with tlsClientKey. PEM. */
export interface TriggerCertificates {
  readonly ca?: Buffer;
  readonly client?: { readonly certificate: Buffer; readonly key: Buffer };
}

/**
 * A connection to an external scaler at `host:port`. Like KEDA it uses TLS if the metadata has `enableTLS`
 * or `unsafeSsl`, or if there is any certificate. Source: keda pkg/scalers/external_scaler.go, getClientForConnectionPool.
 */
export function connectScaler(options: {
  readonly address: string;
  readonly scaledObject: ScaledObjectIdentity;
  readonly certificates?: TriggerCertificates;
}): ScalerConnection {
  const { namespace, name, metadata } = options.scaledObject;
  const ref: ScaledObjectRef = { namespace, name, scalerMetadata: { ...metadata } };
  const client = new ExternalScaler(
    options.address,
    credentialsFor(metadata, options.certificates ?? {}),
    channelOptions,
  );
  const calls: Record<ScalerRpc, number> = {
    GetMetricSpec: 0,
    GetMetrics: 0,
    IsActive: 0,
    StreamIsActive: 0,
  };

  function unary<Answer>(
    rpc: ScalerRpc,
    { signal, deadlineSeconds }: CallOptions,
    call: UnaryCall<Answer>,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled(rpc));
      calls[rpc]++;
      const deadline = deadlineSeconds === undefined ? {} : { deadline: Date.now() + deadlineSeconds * 1000 };
      const cancel = () => started.cancel();
      const started = call(deadline, (error, answer) => {
        signal.removeEventListener('abort', cancel);
        if (error !== null || answer === undefined) reject(toCallError(rpc, error));
        else resolve(answer);
      });
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  return {
    calls,
    async getMetricSpec(options) {
      const call: UnaryCall<{ metricSpecs: readonly ReportedSpec[] }> = (bounds, done) =>
        client.GetMetricSpec(ref, bounds, done);
      return (await unary('GetMetricSpec', options, call)).metricSpecs;
    },
    async getMetrics(metricName, options) {
      const call: UnaryCall<{ metricValues: readonly ReportedValue[] }> = (bounds, done) =>
        client.GetMetrics({ scaledObjectRef: ref, metricName }, bounds, done);
      return (await unary('GetMetrics', options, call)).metricValues;
    },
    async isActive(options) {
      const call: UnaryCall<{ result: boolean }> = (bounds, done) => client.IsActive(ref, bounds, done);
      return (await unary('IsActive', options, call)).result;
    },
    async streamIsActive(onMessage, { signal }) {
      if (signal.aborted) throw cancelled('StreamIsActive');
      calls.StreamIsActive++;
      const stream = client.StreamIsActive(ref);
      const cancel = () => stream.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        for await (const { result } of stream) onMessage(result);
      } catch (error) {
        throw toCallError('StreamIsActive', error as ServiceError);
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    close: () => client.close(),
  };
}

/** The credentials with which KEDA would connect. */
export function credentialsFor(
  metadata: Readonly<Record<string, string>>,
  { ca, client }: TriggerCertificates,
): ChannelCredentials {
  const isTls = metadata['enableTLS'] === 'true' || ca !== undefined || client !== undefined;
  if (!isTls) return credentials.createInsecure();
  const rejectUnauthorized = metadata['unsafeSsl'] !== 'true';
  return credentials.createSsl(ca ?? null, client?.key ?? null, client?.certificate ?? null, {
    rejectUnauthorized,
  });
}

function cancelled(rpc: ScalerRpc): ScalerCallError {
  return new ScalerCallError(rpc, 'CANCELLED', 'the simulator was stopped');
}

function toCallError(rpc: ScalerRpc, error: ServiceError | null): ScalerCallError {
  if (error === null) return new ScalerCallError(rpc, 'INTERNAL', 'the call ended without an answer');
  return new ScalerCallError(rpc, status[error.code] ?? String(error.code), error.details);
}
