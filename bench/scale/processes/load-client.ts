import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { quantile } from 'simple-statistics';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import { type BenchTrigger, type TriggerPlan, triggersOf } from '../triggers.ts';

/** A method of KEDA's contract. */
export type Method = 'GetMetrics' | 'IsActive' | 'GetMetricSpec';

/** Something the client does for a time. */
export type Load = TriggerPlan & {
  readonly port: number;
  readonly method: Method;
  readonly ms: number;
} & (
    | { readonly kind: 'every'; readonly atOnce: number }
    | { readonly kind: 'closed'; readonly atOnce: number }
    | { readonly kind: 'rate'; readonly perSecond: number }
    | { readonly kind: 'keda'; readonly perSecond: number }
  );

/** What came of a load. */
export interface Loaded {
  readonly calls: number;
  readonly failed: number;
  /** Of them by the name of their gRPC status. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of the calls of GetMetrics, or of all where one method is asked. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * A program: asks a server as KEDA does. `every` asks each workload once until it has an answer, `closed` keeps some calls under way,
 * `rate` begins so many a second, and `keda` begins KEDA's three calls at an even pace. A tick begins what is due, so that a client
 * that was late catches up.
 */
const connections = 2;
const deadlineMs = 10_000;
const tickMs = 5;
const keda: readonly Method[] = ['GetMetricSpec', 'GetMetrics', 'IsActive'];

const clientsOf = new Map<number, readonly ExternalScalerClient[]>();
const triggersMade = new Map<string, readonly BenchTrigger[]>();

function clients(port: number): readonly ExternalScalerClient[] {
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  const made =
    clientsOf.get(port) ??
    Array.from(
      { length: connections },
      () => new ExternalScaler(`127.0.0.1:${port}`, credentials.createInsecure(), options),
    );
  clientsOf.set(port, made);
  return made;
}

function triggers(plan: TriggerPlan): readonly BenchTrigger[] {
  const key = JSON.stringify([plan.workloads, plan.shapes, plan.history]);
  const made = triggersMade.get(key) ?? triggersOf(plan);
  triggersMade.set(key, made);
  return made;
}

/** One call about a workload; resolves with the name of the status with which it failed, undefined where there was an answer. */
function call(
  client: ExternalScalerClient,
  method: Method,
  { ref }: BenchTrigger,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { deadline: Date.now() + deadlineMs };
    const done = (error: ServiceError | null) =>
      resolve(error === null ? undefined : (status[error.code] ?? String(error.code)));
    if (method === 'GetMetrics')
      client.GetMetrics({ scaledObjectRef: ref, metricName: 'forescale-demand' }, options, done);
    else if (method === 'IsActive') client.IsActive(ref, options, done);
    else client.GetMetricSpec(ref, options, done);
  });
}

async function run(load: Load): Promise<Loaded> {
  const [asked, over] = [triggers(load), clients(load.port)];
  const latencies: number[] = [];
  const failures: Record<string, number> = {};
  let calls = 0;
  const one = async (method: Method, index: number) => {
    const beganMs = performance.now();
    const failure = await call(over[index % over.length]!, method, asked[index % asked.length]!);
    calls++;
    if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
    else if (method === load.method) latencies.push(performance.now() - beganMs);
    return failure === undefined;
  };
  await doing(load, one, asked.length);
  const at = (share: number) => (latencies.length === 0 ? Number.NaN : quantile(latencies, share));
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return { calls, failed, failures, p50Ms: at(0.5), p99Ms: at(0.99) };
}

type One = (method: Method, index: number) => Promise<boolean>;

async function doing(load: Load, one: One, workloads: number): Promise<void> {
  const { method } = load;
  const untilMs = performance.now() + load.ms;
  if (load.kind === 'every') {
    let next = 0;
    const worker = async () => {
      while (next < workloads) {
        const index = next++;
        while (!(await one(method, index)) && performance.now() < untilMs);
      }
    };
    await Promise.all(Array.from({ length: load.atOnce }, worker));
    return;
  }
  if (load.kind === 'closed') {
    let next = 0;
    const worker = async () => {
      while (performance.now() < untilMs) await one(method, next++);
    };
    await Promise.all(Array.from({ length: load.atOnce }, worker));
    return;
  }
  const methodAt = (index: number) => (load.kind === 'keda' ? keda[index % keda.length]! : method);
  // KEDA's three calls about one workload follow one another.
  const workloadAt = (index: number) => (load.kind === 'keda' ? Math.floor(index / keda.length) : index);
  await paced(load.perSecond, untilMs, (index) => one(methodAt(index), workloadAt(index)));
}

async function paced(
  perSecond: number,
  untilMs: number,
  begin: (index: number) => Promise<unknown>,
): Promise<void> {
  const beganMs = performance.now();
  const underWay: Promise<unknown>[] = [];
  let begun = 0;
  while (performance.now() < untilMs) {
    const due = ((performance.now() - beganMs) / 1000) * perSecond;
    for (; begun < due; begun++) underWay.push(begin(begun));
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  await Promise.all(underWay);
}

process.on('message', (message) => {
  if (message === 'usage') return;
  void run(message as Load).then((loaded) => process.send?.({ loaded }));
});
// The probe lets a process end that has nothing else to do.
process.channel?.ref();
process.once('disconnect', () => process.exit(0));
