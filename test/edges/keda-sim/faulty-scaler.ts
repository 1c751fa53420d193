import { Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js';
import {
  ExternalScaler,
  type ExternalScalerHandlers,
  type MetricSpec,
  type MetricValue,
  type ScaledObjectRef,
} from '../../../src/platform/protocol/external-scaler.ts';

type Answer<T> = T | { readonly code: number; readonly details: string };

/** Everything that a small scaler answers; a test replaces what it wants to be wrong. */
export interface ScalerAnswers {
  spec(ref: ScaledObjectRef): Answer<MetricSpec[]> | Promise<Answer<MetricSpec[]>>;
  metrics(ref: ScaledObjectRef, metricName: string): Answer<MetricValue[]> | Promise<Answer<MetricValue[]>>;
  active(ref: ScaledObjectRef): Answer<boolean> | Promise<Answer<boolean>>;
  readonly StreamIsActive?: ExternalScalerHandlers['StreamIsActive'];
  readonly StreamMetricSpec?: ExternalScalerHandlers['StreamMetricSpec'];
}

/** A scaler that keeps the contract: it scales by the keys `value` and `threshold` of the metadata. */
export const faultless: ScalerAnswers = {
  spec: ({ scalerMetadata }) =>
    refusedWithout(scalerMetadata) ?? [{ metricName: 'm', targetSize: 10, targetSizeFloat: 10 }],
  metrics: ({ scalerMetadata }, metricName) => {
    if (scalerMetadata?.['prometheusAddress'] === 'http://127.0.0.1:9')
      return { code: status.UNAVAILABLE, details: 'the source cannot be reached' };
    const value = Number(scalerMetadata?.['value']);
    return (
      refusedWithout(scalerMetadata) ?? [
        { metricName, metricValue: Math.round(value), metricValueFloat: value },
      ]
    );
  },
  active: ({ scalerMetadata }) => refusedWithout(scalerMetadata) ?? Number(scalerMetadata?.['value']) > 0,
  StreamIsActive(call) {
    call.write({ result: true });
    call.on('cancelled', () => call.end());
  },
};

function refusedWithout(metadata: ScaledObjectRef['scalerMetadata']) {
  if ((metadata?.['threshold'] ?? metadata?.['thresholdFromEnv']) !== undefined) return undefined;
  return { code: status.INVALID_ARGUMENT, details: 'threshold is missing' };
}

/** Serves the answers on a free loopback port. */
export async function startScaler(
  answers: ScalerAnswers,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<{ readonly address: string; stop(): void }> {
  const server = new Server();
  server.addService(ExternalScaler.service, {
    GetMetricSpec: ({ request }, done) =>
      reply(answers.spec(request), (metricSpecs) => ({ metricSpecs }), done),
    GetMetrics: ({ request: { scaledObjectRef, metricName } }, done) =>
      reply(answers.metrics(scaledObjectRef ?? {}, metricName), (metricValues) => ({ metricValues }), done),
    IsActive: ({ request }, done) => reply(answers.active(request), (result) => ({ result }), done),
    ...(answers.StreamIsActive !== undefined && { StreamIsActive: answers.StreamIsActive }),
    ...(answers.StreamMetricSpec !== undefined && { StreamMetricSpec: answers.StreamMetricSpec }),
  } as ExternalScalerHandlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

async function reply<T, Response>(
  answer: Answer<T> | Promise<Answer<T>>,
  wrap: (value: T) => Response,
  done: sendUnaryData<Response>,
): Promise<void> {
  const value = await answer;
  if (typeof value === 'object' && value !== null && 'details' in value) done(value as never);
  else done(null, wrap(value as T));
}
