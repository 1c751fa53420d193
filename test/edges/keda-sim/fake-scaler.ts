import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import {
  ExternalScaler,
  type ExternalScalerHandlers,
  type MetricSpec,
  type MetricValue,
  type ScaledObjectRef,
} from '../../../src/platform/protocol/external-scaler.ts';

interface SeenCall {
  readonly rpc: string;
  readonly ref: ScaledObjectRef;
  /** Name of the metric in a call of GetMetrics; absent in other calls. */
  readonly metricName?: string;
  readonly hasDeadline: boolean;
}

export interface FakeScaler {
  readonly address: string;
  /** Answers of the scaler, which a test may change at any time. */
  readonly answer: {
    specs: MetricSpec[];
    values: MetricValue[];
    active: boolean;
    failing: string | undefined;
    hanging: string | undefined;
  };
  /** Every call, in the order of arrival. */
  readonly seen: SeenCall[];
  readonly openStreams: () => number;
  push(active: boolean): void;
  stop(): void;
}

/** An external scaler on a free loopback port that gives prepared answers. */
export async function startFakeScaler(): Promise<FakeScaler> {
  const answer: FakeScaler['answer'] = {
    specs: [{ metricName: 'external-scaler-e2e-test', targetSize: 10 }],
    values: [],
    active: false,
    failing: undefined,
    hanging: undefined,
  };
  const seen: SeenCall[] = [];
  const streams = new Set<{ write(message: { result: boolean }): unknown }>();

  function unary<Request, Response>(
    rpc: string,
    refOf: (request: Request) => Omit<SeenCall, 'rpc' | 'hasDeadline'>,
    respond: () => Response,
  ) {
    return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
      seen.push({ rpc, ...refOf(call.request), hasDeadline: Number.isFinite(Number(call.getDeadline())) });
      if (answer.hanging === rpc) return;
      if (answer.failing === rpc) done({ code: status.UNAVAILABLE, details: `${rpc} is told to fail` });
      else done(null, respond());
    };
  }

  const handlers: Pick<
    ExternalScalerHandlers,
    'GetMetricSpec' | 'GetMetrics' | 'IsActive' | 'StreamIsActive'
  > = {
    GetMetricSpec: unary(
      'GetMetricSpec',
      (ref) => ({ ref }),
      () => ({ metricSpecs: answer.specs }),
    ),
    GetMetrics: unary(
      'GetMetrics',
      ({ scaledObjectRef, metricName }) => ({ ref: scaledObjectRef ?? {}, metricName }),
      () => ({ metricValues: answer.values }),
    ),
    IsActive: unary(
      'IsActive',
      (ref) => ({ ref }),
      () => ({ result: answer.active }),
    ),
    StreamIsActive: (call) => {
      seen.push({ rpc: 'StreamIsActive', ref: call.request, hasDeadline: false });
      streams.add(call);
      call.on('cancelled', () => streams.delete(call));
      call.write({ result: answer.active });
    },
  };
  const server = new Server();
  server.addService(ExternalScaler.service, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    answer,
    seen,
    openStreams: () => streams.size,
    push: (active) => {
      for (const stream of streams) stream.write({ result: active });
    },
    stop: () => server.forceShutdown(),
  };
}
