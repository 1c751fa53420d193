import { setTimeout as sleep } from 'node:timers/promises';
import { ask, startMeasured } from '../processes/measured-process.ts';
import { createOpened } from '../processes/opened.ts';
import { risingDemandAt } from '../source/made-demand.ts';
import type { TriggerPlan } from '../triggers.ts';
import type { AskingOrder, Looked } from './asking-client.ts';
import { judgeAnswers, lastValues } from './judge-answers.ts';
import { makeShardServers, type ShardServer } from './running-shards.ts';
import type { ShardName } from './sharing.ts';
import type { Comeback, PhaseName, ShardInPhase, ShardStart, TrialPhase } from './trial-report.ts';

export interface TrialOptions {
  /** Of all shards together. */
  readonly plan: TriggerPlan;
  readonly callsPerSecondAndShard: number;
  /** Least length of each phase, which lasts until every workload was asked. */
  readonly phaseSeconds: number;
  readonly mostStartSeconds: number;
  readonly nowSeconds: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (text: string) => void;
}

/** The shard that is killed: the one whose workloads are of both namespaces. */
export const lost: ShardName = 'third';
const lookSeconds = 1;
/** A phase that has not ended after so many times its least length, and five minutes, fails. */
const mostPhases = 10;
const morePhaseSeconds = 300;

/** Kills one of three servers while all are asked, starts it again, and tells what came of every call. Everything it starts it ends. */
export async function tryLoss(options: TrialOptions): Promise<{
  readonly starts: readonly ShardStart[];
  readonly phases: readonly TrialPhase[];
  readonly comeback: Comeback;
}> {
  const opened = createOpened(options.signal);
  const { keep } = opened;
  try {
    const sinceSeconds = options.nowSeconds();
    const source = keep(startMeasured('source/stand-in.ts', ['rising', String(sinceSeconds)]));
    const port = await ask<'listening', number>(source.child, '', 'listening');
    const perShard = options.plan.workloads / 3;
    const servers = await makeShardServers(`http://127.0.0.1:${port}`, perShard);
    for (const server of servers) keep(server);
    const client = keep(startMeasured('shards/asking-client.ts'));
    const look = () => ask<'looked', readonly Looked[]>(client.child, 'look', 'looked');
    const order: AskingOrder = {
      plan: options.plan,
      ports: servers.map(({ name, ports }) => [name, ports]),
      perSecond: options.callsPerSecondAndShard,
    };
    const beganMs = performance.now();
    await Promise.all(servers.map((server) => server.start()));
    client.child.send(order);
    const starts = await startAll(servers, { ...options, perShard, beganMs });
    const phases = createPhases(servers, {
      ...{ options, look, perShard },
      demandAt: (curve, at) => risingDemandAt(curve, at, sinceSeconds),
    });
    await look();
    return { starts, ...(await playLoss(servers, phases, perShard)) };
  } finally {
    await opened.stop();
  }
}

type Phases = ReturnType<typeof createPhases>;

async function playLoss(servers: readonly ShardServer[], { play, judge }: Phases, perShard: number) {
  const killed = servers.find(({ name }) => name === lost);
  if (killed === undefined) throw new Error(`no shard ${lost}`);
  const others = servers.filter((server) => server !== killed);
  const before = await play('before', servers, servers);
  await killed.kill();
  const away = await play('lost', others, others);
  const beganMs = performance.now();
  const seconds = () => (performance.now() - beganMs) / 1000;
  const seen: { -readonly [Key in keyof Comeback]?: Comeback[Key] } = {};
  let isListening = false;
  const starting = killed.start().then(() => {
    isListening = true;
    seen.listeningSeconds = seconds();
  });
  const returning = await play('returning', servers, others, async (looked) => {
    const its = looked.find(({ shard }) => shard === lost);
    if (its === undefined || !isListening) return false;
    if (its.answers.length > 0) seen.firstAnswerSeconds ??= seconds();
    if (Object.keys(its.failed).length > 0) seen.lastFailureSeconds = seconds();
    if (seen.forecastSeconds === undefined && (await killed.learned()) >= perShard) {
      seen.forecastSeconds = seconds();
      seen.cpuSeconds = (await killed.usage()).cpuSeconds;
    }
    return seen.forecastSeconds !== undefined;
  });
  await starting;
  const after = await play('after', servers, servers);
  const never = Number.NaN;
  const comeback: Comeback = {
    listeningSeconds: seen.listeningSeconds ?? never,
    firstAnswerSeconds: seen.firstAnswerSeconds ?? never,
    lastFailureSeconds: seen.lastFailureSeconds ?? 0,
    forecastSeconds: seen.forecastSeconds ?? never,
    cpuSeconds: seen.cpuSeconds ?? never,
  };
  return { phases: await judge([before, away, returning, after]), comeback };
}

/** Waits until every workload of all servers has a forecast and a snapshot of it. */
async function startAll(
  servers: readonly ShardServer[],
  {
    plan,
    perShard,
    beganMs,
    mostStartSeconds,
    signal,
    onProgress,
  }: TrialOptions & { readonly perShard: number; readonly beganMs: number },
): Promise<readonly ShardStart[]> {
  const started = new Map<ShardName, ShardStart>();
  // A look costs the servers CPU.
  const everySeconds = Math.max(1, plan.workloads / 1_000);
  for (;;) {
    const counts = await Promise.all(servers.map((server) => server.learned()));
    const seconds = (performance.now() - beganMs) / 1000;
    onProgress(
      `start: ${counts.reduce((a, b) => a + b)} of ${plan.workloads} have a forecast and a snapshot, ${seconds.toFixed(0)} s`,
    );
    for (const [i, server] of servers.entries()) {
      if ((counts[i] ?? 0) < perShard || started.has(server.name)) continue;
      const { cpuSeconds } = await server.usage();
      started.set(server.name, {
        ...{ shard: server.name, seconds, cpuSeconds },
        peakMiB: server.memory().peakMiB,
      });
    }
    if (started.size === servers.length) return [...started.values()];
    if (seconds > mostStartSeconds) throw new Error(`not all had a forecast after ${mostStartSeconds} s`);
    await sleep(1000 * everySeconds, undefined, { signal });
  }
}

/** A phase that was played and is not judged yet. */
interface Played extends Omit<TrialPhase, 'shards'> {
  readonly usage: ReadonlyMap<ShardName, Pick<ShardInPhase, 'cores' | 'rssMiB'>>;
  readonly looked: ReadonlyMap<ShardName, Looked>;
}

function createPhases(
  servers: readonly ShardServer[],
  parts: {
    readonly options: TrialOptions;
    readonly look: () => Promise<readonly Looked[]>;
    readonly perShard: number;
    readonly demandAt: (curve: number, unixSeconds: number) => number;
  },
) {
  const { phaseSeconds, signal, onProgress } = parts.options;
  /**
   * Plays a phase: it lasts until the servers `wanted` have answered for every workload and `isOver` says so; `throughout` are those that
   * run from its beginning to its end.
   */
  async function play(
    name: PhaseName,
    wanted: readonly ShardServer[],
    throughout: readonly ShardServer[],
    isOver: (looked: readonly Looked[]) => Promise<boolean> = async () => true,
  ): Promise<Played> {
    const beganMs = performance.now();
    const usedBefore = await cpuOf(throughout);
    const all = new Map<ShardName, Looked>();
    for (;;) {
      await sleep(1000 * lookSeconds, undefined, { signal });
      const looked = await parts.look();
      for (const one of looked) all.set(one.shard, together(all.get(one.shard), one));
      const seconds = (performance.now() - beganMs) / 1000;
      const missing = wanted.map((server) => parts.perShard - answeredOf(all.get(server.name)));
      onProgress(`${name}: ${Math.max(0, ...missing)} workloads of a shard are not answered yet`);
      const isDone = (await isOver(looked)) && missing.every((count) => count <= 0);
      if (isDone && seconds >= phaseSeconds) break;
      if (seconds > mostPhases * phaseSeconds + morePhaseSeconds)
        throw new Error(`the phase ${name} did not end: ${missing.join(', ')} are not answered`);
    }
    const seconds = (performance.now() - beganMs) / 1000;
    const used = await cpuOf(throughout);
    const first = servers[0];
    const usage = new Map(
      servers.map((server) => [
        server.name,
        {
          ...(throughout.includes(server) && {
            cores: ((used.get(server) ?? 0) - (usedBefore.get(server) ?? 0)) / seconds,
          }),
          ...(wanted.includes(server) && { rssMiB: server.memory().rssMiB }),
        },
      ]),
    );
    const answering = (await first?.answering()) ?? [];
    return { name, seconds, answering, usage, looked: all };
  }

  /**
   * Judges the phases: no answer may be below the last one of the first phase, unless those of another shard are too. One shard reads its
   * newest row seconds after another, maybe in the next phase, so that answers of all phases are compared, and some after the last one.
   */
  async function judge(played: readonly Played[]): Promise<readonly TrialPhase[]> {
    await sleep(1000 * phaseSeconds, undefined, { signal });
    const answers = [...played.flatMap(({ looked }) => [...looked.values()]), ...(await parts.look())];
    const before = new Map(
      [...(played[0]?.looked ?? [])].map(([shard, looked]) => [shard, lastValues(looked.answers)]),
    );
    return played.map(({ looked, usage, ...phase }, index) => ({
      ...phase,
      shards: servers.map(({ name }) => ({
        ...judgeAnswers(looked.get(name) ?? { shard: name, calls: 0, failed: {}, answers: [] }, {
          before: index === 0 ? new Map() : before,
          others: answers
            .filter(({ shard }) => shard !== name && shard !== lost)
            .flatMap((other) => other.answers),
          demandAt: parts.demandAt,
        }),
        ...usage.get(name),
      })),
    }));
  }

  return { play, judge };
}

async function cpuOf(servers: readonly ShardServer[]): Promise<ReadonlyMap<ShardServer, number>> {
  const used = await Promise.all(servers.map(async (one) => [one, (await one.usage()).cpuSeconds] as const));
  return new Map(used);
}

const answeredOf = (looked: Looked | undefined) => lastValues(looked?.answers ?? []).size;

function together(so: Looked | undefined, more: Looked): Looked {
  if (so === undefined) return more;
  return {
    shard: more.shard,
    calls: so.calls + more.calls,
    failed: added(so.failed, more.failed),
    answers: so.answers.concat(more.answers),
  };
}

function added(a: Looked['failed'], b: Looked['failed']): Looked['failed'] {
  const names = Object.keys({ ...a, ...b });
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
