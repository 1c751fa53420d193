import type { ServerUnaryCall, ServiceError, sendUnaryData } from '@grpc/grpc-js';
import type { MetricSpec, MetricValue } from '../../../../src/platform/protocol/external-scaler.ts';
import type { ScalerService } from '../../../../src/scaler/service.ts';
import type { TriggerRef } from '../../../../src/scaler/workload-identity.ts';

/** An answer, or the gRPC status of its error. */
type Answer<T> =
  | { readonly kind: 'ok'; readonly answer: T }
  | { readonly kind: 'error'; readonly code: number; readonly details: string };

/** A specification, or its error. */
export type SpecAnswer = Answer<{ readonly metricSpecs: readonly MetricSpec[] }>;

/** The value and the activity of one trigger. */
export interface Answers {
  readonly metrics: Answer<{ readonly metricValues: readonly MetricValue[] }>;
  readonly active: Answer<{ readonly result: boolean }>;
}

type Handlers = ScalerService['handlers'];
type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  done: sendUnaryData<Response>,
) => void;

/** Asks for the specification as the gRPC server does, without a server. */
export function askSpec(handlers: Handlers, ref: TriggerRef): Promise<SpecAnswer> {
  return ask(handlers['GetMetricSpec'] as Handler<unknown, never>, ref);
}

/** Asks for value and activity as the gRPC server does, without a server. */
export async function askService(handlers: Handlers, ref: TriggerRef): Promise<Answers> {
  const request = { scaledObjectRef: ref, metricName: 'forescale-demand' };
  return {
    metrics: await ask(handlers['GetMetrics'] as Handler<unknown, never>, request),
    active: await ask(handlers['IsActive'] as Handler<unknown, never>, ref),
  };
}

function ask<Request, Response>(
  handler: Handler<Request, Response>,
  request: Request,
): Promise<Answer<Response>> {
  return new Promise((resolve) => {
    handler({ request } as ServerUnaryCall<Request, Response>, (error, answer) => {
      if (error === null || error === undefined) resolve({ kind: 'ok', answer: answer as Response });
      else {
        const { code, details } = error as ServiceError;
        resolve({ kind: 'error', code, details });
      }
    });
  });
}
