import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile, sum } from 'simple-statistics';
import type { RunningForescale } from './processes/forescale.ts';
import type { Load, Loaded, Method } from './processes/load-client.ts';
import { ask, type MeasuredProcess } from './processes/measured-process.ts';
import type { CallCost, KedaCost, MetricsCost, RateCost, SteadyCost } from './report/scale-report.ts';
import type { BenchSource } from './source/open-source.ts';
import type { TriggerPlan } from './triggers.ts';

/** Who takes part in the measurement of one number of workloads. */
export interface Scene {
  readonly plan: TriggerPlan;
  readonly server: RunningForescale;
  readonly bare: MeasuredProcess & { readonly grpcPort: number };
  readonly client: MeasuredProcess;
  readonly source: BenchSource;
  readonly signal?: AbortSignal | undefined;
}

type Asked = Load extends infer One
  ? One extends Load
    ? Omit<One, keyof TriggerPlan | 'port'>
    : never
  : never;

/** Calls about one trigger in a minute: three for each poll of KEDA, every 30 s, and for each sync of the HPA, every 15 s. */
const kedaCallsPerMinute = 18;
/** The server's default, which the benchmark does not change. */
const refreshIntervalSeconds = 10;
const atOnce = 16;
/** Share of calls up to which failed ones do not spoil what a call costs. */
const mostFailedRatio = 0.01;

/** Has the client ask a server for a time. */
export function asking(
  { client, plan }: Pick<Scene, 'client' | 'plan'>,
  port: number,
  asked: Asked,
): Promise<Loaded> {
  return ask<'loaded', Loaded>(client.child, { ...plan, port, ...asked }, 'loaded');
}

/** What the server uses while `during` runs, by what its source was asked meanwhile. */
async function steady<T>({ server, source }: Scene, during: () => Promise<T>): Promise<[SteadyCost, T]> {
  await source.asked();
  const before = await server.usage();
  const beganMs = performance.now();
  const result = await during();
  const seconds = (performance.now() - beganMs) / 1000;
  const after = await server.usage();
  const { instantQueries, rangeQueries, gapP99Seconds } = await source.asked();
  const cost = {
    cores: (after.cpuSeconds - before.cpuSeconds) / seconds,
    instantQueriesPerSecond: instantQueries / seconds,
    rangeQueriesPerSecond: rangeQueries / seconds,
    lagP99Seconds: Math.max(0, gapP99Seconds - refreshIntervalSeconds),
    loopP99Ms: after.loopP99Ms,
    loopMaxMs: after.loopMaxMs,
  };
  return [cost, result];
}

/** What refreshing costs while nobody asks. */
export async function measureRefresh(scene: Scene, seconds: number): Promise<SteadyCost> {
  const [cost] = await steady(scene, () => sleep(1000 * seconds, undefined, { signal: scene.signal }));
  return cost;
}

/** What KEDA's calls cost on top, and what they cost a bare server. */
export async function measureKeda(scene: Scene, seconds: number): Promise<KedaCost> {
  const { server, bare, plan } = scene;
  const perSecond = (plan.workloads * kedaCallsPerMinute) / 60;
  const load = { kind: 'keda', method: 'GetMetrics', perSecond, ms: 1000 * seconds } as const;
  const [cost, { p50Ms, p99Ms, failed, failures }] = await steady(scene, () =>
    asking(scene, server.grpcPort, load),
  );
  const before = await bare.usage();
  const beganMs = performance.now();
  const ofBare = await asking(scene, bare.grpcPort, load);
  const bareCores =
    (1000 * ((await bare.usage()).cpuSeconds - before.cpuSeconds)) / (performance.now() - beganMs);
  return {
    ...cost,
    callsPerSecond: perSecond,
    failed,
    failures,
    p50Ms,
    p99Ms,
    bareCores,
    bareP50Ms: ofBare.p50Ms,
    bareP99Ms: ofBare.p99Ms,
  };
}

/** Measures two servers in pairs, of which every other one begins with the bare one, so that other work affects both. */
async function pairs<T>(rounds: number, ours: () => Promise<T>, bare: () => Promise<T>) {
  const seen: { readonly ours: T; readonly bare: T }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await bare() : undefined;
    const measured = await ours();
    seen.push({ ours: measured, bare: first ?? (await bare()) });
  }
  return seen;
}

/**
 * CPU of a call, closed loop, net of what the server uses when nobody asks. That is measured in rounds between the others, because it
 * changes with what is read and learned in the background.
 */
export async function measureCalls(
  scene: Scene,
  method: Method,
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<CallCost> {
  const load = { kind: 'closed', method, atOnce, ms: roundMs } as const;
  const ours = () => used(scene.server, () => asking(scene, scene.server.grpcPort, load));
  const bare = () => used(scene.bare, () => asking(scene, scene.bare.grpcPort, load));
  // Warm-up: code is compiled and heaps have grown, as in a server after its first minutes.
  await pairs(Math.min(4, rounds), ours, bare);
  const idle: Used<unknown>[] = [];
  const oursAndIdle = async () => {
    idle.push(await used(scene.server, () => sleep(roundMs, undefined, { signal: scene.signal })));
    return ours();
  };
  const seen = await pairs(rounds, oursAndIdle, bare);
  const failed = sum(seen.flatMap((pair) => [pair.ours.result.failed, pair.bare.result.failed]));
  const calls = sum(seen.flatMap((pair) => [pair.ours.result.calls, pair.bare.result.calls]));
  // On a machine that is busy with other work, some take longer than KEDA would wait.
  if (failed > mostFailedRatio * calls) throw new Error(`${failed} of ${calls} calls of ${method} failed`);
  const idleCores = sum(idle.map(({ cpuSeconds }) => cpuSeconds)) / sum(idle.map(({ seconds }) => seconds));
  const microseconds = (of: Used<Loaded>, cores: number) =>
    (1e6 * (of.cpuSeconds - cores * of.seconds)) / of.result.calls;
  const costs = seen.map((pair) => ({
    ours: microseconds(pair.ours, idleCores),
    bare: microseconds(pair.bare, 0),
  }));
  const ratios = costs.map((pair) => pair.bare / pair.ours);
  return {
    microseconds: median(costs.map((pair) => pair.ours)),
    bareMicroseconds: median(costs.map((pair) => pair.bare)),
    idleCores,
    ratio: median(ratios),
    ratioQuartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}

/** What a process used while something ran. */
interface Used<T> {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly result: T;
}

async function used<T>(process: MeasuredProcess, during: () => Promise<T>): Promise<Used<T>> {
  const before = await process.usage();
  const beganMs = performance.now();
  const result = await during();
  const seconds = (performance.now() - beganMs) / 1000;
  const { cpuSeconds } = await process.usage();
  return { cpuSeconds: cpuSeconds - before.cpuSeconds, seconds, result };
}

/** Latency of GetMetrics at an even rate. */
export async function measureRate(
  scene: Scene,
  {
    perSecond,
    rounds,
    roundMs,
  }: { readonly perSecond: number; readonly rounds: number; readonly roundMs: number },
): Promise<RateCost> {
  const load = { kind: 'rate', method: 'GetMetrics', perSecond, ms: roundMs } as const;
  const seen = await pairs(
    rounds,
    () => asking(scene, scene.server.grpcPort, load),
    () => asking(scene, scene.bare.grpcPort, load),
  );
  const middle = (of: (pair: (typeof seen)[number]) => number) => median(seen.map(of));
  return {
    perSecond,
    p50Ms: middle((pair) => pair.ours.p50Ms),
    p99Ms: middle((pair) => pair.ours.p99Ms),
    bareP50Ms: middle((pair) => pair.bare.p50Ms),
    bareP99Ms: middle((pair) => pair.bare.p99Ms),
    p99Ratio: middle((pair) => pair.ours.p99Ms / pair.bare.p99Ms),
  };
}

/** What a scrape of `/metrics` costs. */
export async function measureMetrics({ server, plan, signal }: Scene, scrapes: number): Promise<MetricsCost> {
  server.forgetPeak();
  const { rssMiB } = server.memory();
  const seen: { bytes: number; series: number; cpuSeconds: number; longestBlockMs: number }[] = [];
  for (let scrape = 0; scrape < scrapes; scrape++) {
    const before = await server.usage();
    const text = await (await fetch(`${server.httpUrl}/metrics`)).text();
    const after = await server.usage();
    seen.push({
      bytes: Buffer.byteLength(text),
      series: text.split('\n').filter((line) => line.includes('name="shop-')).length,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      longestBlockMs: after.loopMaxMs,
    });
    await sleep(1000, undefined, { signal });
  }
  const middle = (of: (one: (typeof seen)[number]) => number) => median(seen.map(of));
  return {
    bytes: middle(({ bytes }) => bytes),
    seriesPerWorkload: middle(({ series }) => series) / plan.workloads,
    cpuSeconds: middle(({ cpuSeconds }) => cpuSeconds),
    longestBlockMs: middle(({ longestBlockMs }) => longestBlockMs),
    extraPeakMiB: Math.max(0, server.memory().peakMiB - rssMiB),
  };
}
