import { check } from 'k6';
import exec from 'k6/execution';
import grpc from 'k6/net/grpc';
import type { Options } from 'k6/options';
import { openModel } from './lib/open-model.ts';
import { readSettings } from './lib/read-settings.ts';
import type { K6Summary } from './lib/report.ts';
import { summarize } from './lib/summary.ts';
import { steadyStages } from './lib/wanted-load.ts';

const settings = readSettings('scaler', __ENV);
const stages = steadyStages(settings);
const service = 'externalscaler.ExternalScaler';
const methods = ['GetMetricSpec', 'GetMetrics', 'IsActive'] as const;
/** Deadline of a call. The first call about a workload may take two seconds; KEDA itself sets no deadline. */
const timeout = '5s';

const client = new grpc.Client();
client.load(['../proto'], 'externalscaler.proto');
let isConnected = false;

export const options: Options = openModel(settings, stages, {
  latency: 'grpc_req_duration',
  parts: methods.map((method) => `method:${method}`),
});

/** Asks about every workload once before calls are judged, because the first call opens the workload and takes longer. */
export function setup(): void {
  const { workloads, grpcAddress } = settings;
  try {
    connect();
  } catch (error) {
    exec.test.abort(
      `${grpcAddress} cannot be reached (${String(error).replace(/^GoError: /, '')}); start forescale serve, or set LOAD_GRPC_ADDRESS to its gRPC address`,
    );
  }
  for (let index = 0; index < workloads; index++) {
    const { status, error } = ask('GetMetricSpec', refOf(index));
    if (status !== grpc.StatusOK) {
      exec.test.abort(
        `${grpcAddress} refused GetMetricSpec (status ${status}: ${JSON.stringify(error)}); check LOAD_QUERY and LOAD_THRESHOLD, and that forescale serve is there`,
      );
    }
    ask('GetMetrics', { scaledObjectRef: refOf(index), metricName: '' });
  }
  client.close();
}

/** Makes the three calls of one of KEDA's polls: GetMetricSpec, GetMetrics and IsActive. */
export function load(): void {
  const ref = refOf(exec.scenario.iterationInTest % settings.workloads);
  const spec = ask('GetMetricSpec', ref);
  check(spec, {
    'GetMetricSpec has the threshold': ({ message }) =>
      (message as SpecAnswer).metricSpecs?.[0]?.targetSizeFloat === settings.threshold,
  });
  const metrics = ask('GetMetrics', {
    scaledObjectRef: ref,
    metricName: metricOf(spec.message as SpecAnswer),
  });
  check(metrics, {
    'GetMetrics is OK': ({ status }) => status === grpc.StatusOK,
    'GetMetrics has one finite value, not below zero': ({ message }) =>
      isServed((message as MetricsAnswer).metricValues),
  });
  check(ask('IsActive', ref), { 'IsActive is OK': ({ status }) => status === grpc.StatusOK });
}

interface SpecAnswer {
  readonly metricSpecs?: readonly { readonly metricName: string; readonly targetSizeFloat?: number }[];
}
interface MetricsAnswer {
  readonly metricValues?: readonly { readonly metricValueFloat?: number }[];
}

function metricOf({ metricSpecs }: SpecAnswer): string {
  return metricSpecs?.[0]?.metricName ?? '';
}

/** Whether a value was served. A missing number counts as 0, because the JSON of proto3 leaves zeros out. */
function isServed(values: MetricsAnswer['metricValues'] = []): boolean {
  const [{ metricValueFloat = 0 } = {}] = values;
  return values.length === 1 && Number.isFinite(metricValueFloat) && metricValueFloat >= 0;
}

function ask(method: (typeof methods)[number], request: object): grpc.Response {
  connect();
  return client.invoke(`${service}/${method}`, request, { timeout, tags: { method } });
}

/** Connects, once for each virtual user of k6. Throws where nothing listens at the address. */
function connect(): void {
  if (isConnected) return;
  client.connect(settings.grpcAddress, { plaintext: true, timeout });
  isConnected = true;
}

function refOf(index: number) {
  const [namespace = '', name = ''] = (settings.workload ?? 'default/load-test').split('/');
  return {
    namespace,
    name: settings.workloads === 1 ? name : `${name}-${index + 1}`,
    scalerMetadata: { query: settings.query, threshold: String(settings.threshold) },
  };
}

export function handleSummary(data: K6Summary): Record<string, string> {
  return summarize(data, { script: 'scaler', settings, stages, env: __ENV });
}
