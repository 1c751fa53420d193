import {
  type ClientReadableStream,
  type ClientUnaryCall,
  type requestCallback,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { ReportedValue } from '../../controllers/index.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { ExternalScaler, type ScaledObjectRef } from '../../platform/protocol/external-scaler.ts';
import {
  channelOptions,
  credentialsFor,
  type ReportedSpec,
  type TriggerCertificates,
} from '../connection.ts';

/** An answer or an error of a scaler, and how long it took. */
export type Asked<T> =
  | { readonly kind: 'answer'; readonly answer: T; readonly ms: number }
  | { readonly kind: 'error'; readonly code: string; readonly details: string; readonly ms: number };

/** A stream of a scaler. */
export interface Watch<T> {
  /** The first message, or how the stream ended before one came. */
  readonly first: Promise<Asked<T>>;
  /** Name of the gRPC status with which the stream ended. */
  readonly ended: Promise<string>;
  cancel(): void;
}

/** The scaler that is examined. Every call has a deadline, and never rejects. */
export interface Subject {
  readonly ref: ScaledObjectRef;
  /** Every unary call so far. */
  readonly calls: readonly { readonly rpc: string; readonly asked: Asked<unknown> }[];
  /** Every answer of GetMetrics so far. */
  readonly values: readonly (readonly ReportedValue[])[];
  spec(ref?: ScaledObjectRef): Promise<Asked<readonly ReportedSpec[]>>;
  metrics(metricName: string, ref?: ScaledObjectRef): Promise<Asked<readonly ReportedValue[]>>;
  isActive(ref?: ScaledObjectRef): Promise<Asked<boolean>>;
  watchActive(): Watch<boolean>;
  watchSpec(): Watch<readonly ReportedSpec[]>;
  close(): void;
}

export interface SubjectOptions {
  /** `host:port`. */
  readonly address: string;
  readonly ref: ScaledObjectRef;
  readonly certificates: TriggerCertificates;
  /** Name that the certificate must have, where the address is another. */
  readonly host?: string;
}

/** KEDA waits without end; an examination must end. */
const patienceMs = 10_000;
const connectMs = 5_000;

/** Connects as KEDA does. Rejects with `source-unreachable` where nothing answers. */
export async function connectSubject(options: SubjectOptions): Promise<Subject> {
  const { address, ref, host } = options;
  const credentials = credentialsFor(ref.scalerMetadata ?? {}, options.certificates);
  const client = new ExternalScaler(address, credentials, {
    ...channelOptions,
    ...(host === undefined ? {} : { 'grpc.ssl_target_name_override': host }),
  });
  const calls: Subject['calls'][number][] = [];
  const values: (readonly ReportedValue[])[] = [];
  await new Promise<void>((resolve, reject) => {
    client.waitForReady(Date.now() + connectMs, (error) => {
      if (error === undefined) return resolve();
      client.close();
      const message = `${address} cannot be reached as a gRPC server: ${error.message}; check the address, and whether it speaks TLS`;
      reject(new ForescaleError('source-unreachable', message));
    });
  });

  async function unary<Raw, T>(
    rpc: string,
    start: (deadline: { deadline: number }, done: requestCallback<Raw>) => ClientUnaryCall,
    read: (raw: Raw) => T,
  ): Promise<Asked<T>> {
    const startedMs = performance.now();
    const asked = await new Promise<Asked<T>>((resolve) => {
      start({ deadline: Date.now() + patienceMs }, (error, raw) => {
        const ms = performance.now() - startedMs;
        if (error !== null || raw === undefined) resolve(errorOf(error, ms));
        else resolve({ kind: 'answer', answer: read(raw), ms });
      });
    });
    calls.push({ rpc, asked });
    return asked;
  }

  return {
    ref,
    calls,
    values,
    spec: (other = ref) =>
      unary(
        'GetMetricSpec',
        (deadline, done: requestCallback<{ metricSpecs: ReportedSpec[] }>) =>
          client.GetMetricSpec(other, deadline, done),
        ({ metricSpecs }) => metricSpecs,
      ),
    metrics: (metricName, other = ref) =>
      unary(
        'GetMetrics',
        (deadline, done: requestCallback<{ metricValues: ReportedValue[] }>) =>
          client.GetMetrics({ scaledObjectRef: other, metricName }, deadline, done),
        ({ metricValues }) => {
          values.push(metricValues);
          return metricValues;
        },
      ),
    isActive: (other = ref) =>
      unary(
        'IsActive',
        (deadline, done: requestCallback<{ result: boolean }>) => client.IsActive(other, deadline, done),
        ({ result }) => result,
      ),
    watchActive: () => watch(client.StreamIsActive(ref), ({ result }) => result),
    watchSpec: () => watch(client.StreamMetricSpec(ref), ({ metricSpecs }) => metricSpecs),
    close: () => client.close(),
  };
}

function watch<Raw, T>(stream: ClientReadableStream<Raw>, read: (raw: Raw) => T): Watch<T> {
  const startedMs = performance.now();
  const first = Promise.withResolvers<Asked<T>>();
  const ended = Promise.withResolvers<string>();
  const end = (code: string, details: string) => {
    clearTimeout(patience);
    ended.resolve(code);
    first.resolve({ kind: 'error', code, details, ms: performance.now() - startedMs });
  };
  const patience = setTimeout(
    () => first.resolve({ kind: 'error', code: 'SILENT', details: 'no message came', ms: patienceMs }),
    patienceMs,
  );
  stream.on('data', (raw: Raw) => {
    clearTimeout(patience);
    first.resolve({ kind: 'answer', answer: read(raw), ms: performance.now() - startedMs });
  });
  stream.on('error', (error: ServiceError) => end(status[error.code] ?? 'UNKNOWN', error.details));
  stream.on('end', () => end('OK', 'the stream ended'));
  return { first: first.promise, ended: ended.promise, cancel: () => stream.cancel() };
}

function errorOf(error: ServiceError | null, ms: number): Extract<Asked<never>, { kind: 'error' }> {
  if (error === null) return { kind: 'error', code: 'INTERNAL', details: 'there was no answer', ms };
  return { kind: 'error', code: status[error.code] ?? String(error.code), details: error.details, ms };
}
