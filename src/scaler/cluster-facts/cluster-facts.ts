import {
  createRefreshes,
  quantised,
  type RefreshLoop,
  type RefreshOutcome,
  startLoop,
} from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { ClusterMetrics } from './cluster-metrics.ts';
import { createFollowers, type FollowedName, type FollowedWorkload } from './followers.ts';
import type { KeptFacts } from './kept-facts.ts';
import { readSeenHpas } from './read-seen-hpas.ts';
import { createFollowedStarts, type FollowedStarts } from './starts/followed-starts.ts';
import { readDueStarts } from './starts/read-due-starts.ts';
import { type SeenHpa, targetOf, type WorkloadFacts } from './workload-facts.ts';

/** Time between two looks at the cluster. A source that fails is asked no less often than every fifth time. */
const intervalSeconds = 60;
const longestSeconds = 300;
/** Age from which a look counts, so that replicas which took it within this time change their mind at the same moment. */
const countsFromSeconds = 20;

export interface ClusterFactsOptions {
  readonly metrics: ClusterMetrics;
  /** Label matchers beside the namespace, such as `cluster="eu"`. */
  readonly matchers?: string | undefined;
  /** Age from which samples no longer change. */
  readonly settleSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}

/** What kube-state-metrics say of the workloads that are followed. */
export interface ClusterFacts {
  /**
   * Follows a workload; several may follow the same one. `onKnown` is called when `start` knows what there is to know, and `kept` is what
   * was known before a restart.
   */
  follow(namespace: string, name: string, onKnown?: () => void, kept?: KeptFacts): FollowedWorkload;
  /** Begins to look. Settles when the first look is over, well or not, and the starts of the past are read. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Looks at the cluster once a minute, for all workloads together. */
export function createClusterFacts(options: ClusterFactsOptions): ClusterFacts {
  const { metrics, settleSeconds, clock, log } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const followers = createFollowers(countsFromSeconds);
  const starts = createFollowedStarts();
  const refreshes = createRefreshes({ ...options, query: 'kube-state-metrics', sourceName: metrics.name });
  const question = { ...options, signal };
  let wasThere: boolean | undefined;
  let isStarted = false;

  function noteWhetherThere(isThere: boolean): void {
    if (isThere === wasThere || followers.list().length === 0) return;
    wasThere = isThere;
    const event = isThere ? 'kube-state-metrics-found' : 'kube-state-metrics-absent';
    log.info({ source: metrics.name, workloads: followers.list().length }, event);
  }

  /** Looks as of now, and before that as of an interval ago where that is what counts with the other replicas still. */
  async function look(): Promise<ForescaleError | undefined> {
    const nowSeconds = clock();
    const atSeconds = quantised(nowSeconds, intervalSeconds);
    return await refreshes.attempt('cluster', signal, async () => {
      const workloads = followers.list();
      if (workloads.length === 0) return undefined;
      const isEarly = nowSeconds - atSeconds < countsFromSeconds;
      const isNew = workloads.some(({ key }) => !followers.hasEarlier(key, atSeconds));
      if (isEarly && (isNew || !isStarted)) await lookAt(atSeconds - intervalSeconds, workloads);
      const { seen, failure } = await lookAt(atSeconds, workloads);
      if (failure !== undefined) throw failure;
      noteWhetherThere(seen.size > 0);
      return undefined;
    });
  }

  async function lookAt(atSeconds: number, workloads: readonly FollowedName[]) {
    const looked = await readSeenHpas(workloads, (key) => followers.newest(key), { ...question, atSeconds });
    const learnedSeconds = atSeconds - settleSeconds - intervalSeconds;
    const times = { atSeconds, learnedSeconds };
    followers.renew(await factsOf(workloads, looked.seen, starts, times, signal), atSeconds);
    return looked;
  }

  const readStarts = () =>
    refreshes.attempt('starts', signal, async () => {
      await readDueStarts(starts, { ...question, nowSeconds: clock() });
      return undefined;
    });

  let loops: readonly RefreshLoop[] = [];
  return {
    follow: (...followed) => followers.follow(...followed),
    async start() {
      const loop = { intervalSeconds, longestSeconds, clock, signal };
      const looks = startLoop(look, loop);
      await looks.first;
      const reads = startLoop(readStarts, loop);
      loops = [looks, reads];
      await reads.first;
      // What the starts of the past taught counts with the look that knows of it.
      await look();
      isStarted = true;
      await followers.tell();
    },
    async close() {
      stop.abort(new ForescaleError('source-unreachable', 'the server is stopping'));
      await Promise.all(loops.map(ending));
    },
  };
}

function ending(loop: RefreshLoop): Promise<void> {
  loop.wake();
  return loop.ended;
}

/**
 * What one look tells of each workload, by its key; the starts that are known at `learnedSeconds` give the lead time. In slices: of ten
 * thousand workloads it takes 50 ms.
 */
async function factsOf(
  workloads: readonly FollowedName[],
  seen: ReadonlyMap<string, SeenHpa>,
  starts: FollowedStarts,
  { atSeconds, learnedSeconds }: { readonly atSeconds: number; readonly learnedSeconds: number },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WorkloadFacts>> {
  const slices = createTimeSlices({ signal });
  const targets = workloads.map(({ key, namespace, name }) => targetOf(seen.get(key), namespace, name));
  await starts.follow(targets, atSeconds, slices);
  const facts = new Map<string, WorkloadFacts>();
  for (const [index, { key }] of workloads.entries()) {
    const target = targets[index];
    if (target === undefined) continue;
    const { leadTime, areStartsRead } = starts.learnedOf(target, learnedSeconds);
    facts.set(key, { seen: seen.get(key), leadTime, areStartsRead });
    if (slices.isOver()) await slices.nextTurn();
  }
  return facts;
}
