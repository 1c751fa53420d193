import { createTimeSlices } from '../../../platform/turns/time-slices.ts';
import type { ScaleTarget } from '../hpas.ts';
import { type LearnedLeadTime, learnLeadTime } from '../lead-time/learn-lead-time.ts';
import { targetKey } from '../ready-replicas.ts';
import type { WorkloadFacts } from '../workload-facts.ts';
import type { Start } from './read-starts.ts';
import { createStartLog, type StartLog } from './start-log.ts';
import { tickSeconds } from './start-queries.ts';

/** How far back starts are read at first. */
export const historySeconds = 7 * 86_400;

/** What was learned from the starts that belong to the moments up to one. */
interface Learned {
  readonly leadTime: LearnedLeadTime | undefined;
  readonly atSeconds: number;
}

interface Followed {
  readonly target: ScaleTarget;
  /** Starts that belong to moments up to this one were read. */
  readUntilSeconds: number;
  readonly log: StartLog;
  /** What was learned last and before that, the newest first. */
  learned: readonly Learned[];
}

const newlyFollowed = (target: ScaleTarget, readUntilSeconds: number): Followed => ({
  target,
  readUntilSeconds,
  log: createStartLog(),
  learned: [],
});

export type FollowedStarts = ReturnType<typeof createFollowedStarts>;

/** The starts of every object whose pods are followed, read moment after moment, so that each one is seen once and in order. */
export function createFollowedStarts() {
  const followed = new Map<string, Followed>();
  return {
    /** Follows these objects and forgets all others. What is new is read from a week ago on. */
    async follow(
      targets: Iterable<ScaleTarget>,
      nowSeconds: number,
      slices = createTimeSlices(),
    ): Promise<void> {
      const beginning = Math.floor((nowSeconds - historySeconds) / tickSeconds) * tickSeconds;
      const wanted = new Set<string>();
      for (const target of targets) {
        const key = targetKey(target);
        wanted.add(key);
        if (!followed.has(key)) followed.set(key, newlyFollowed(target, beginning));
        if (slices.isOver()) await slices.nextTurn();
      }
      for (const key of followed.keys()) {
        if (!wanted.has(key)) followed.delete(key);
        if (slices.isOver()) await slices.nextTurn();
      }
    },

    /** What is farthest behind `untilSeconds`: the moment up to which it was read, and how many objects in which namespaces. */
    due(untilSeconds: number) {
      let fromSeconds = untilSeconds;
      for (const { readUntilSeconds } of followed.values())
        fromSeconds = Math.min(fromSeconds, readUntilSeconds);
      if (fromSeconds === untilSeconds) return undefined;
      const workloads = new Map<string, number>();
      for (const { readUntilSeconds, target } of followed.values())
        if (readUntilSeconds === fromSeconds)
          workloads.set(target.namespace, (workloads.get(target.namespace) ?? 0) + 1);
      return { fromSeconds, workloads };
    },

    /** Takes the starts in some namespaces that belong to the moments after `fromSeconds` up to `untilSeconds`. */
    add(
      fromSeconds: number,
      namespaces: ReadonlySet<string>,
      starts: readonly Start[],
      untilSeconds: number,
    ): void {
      const isRead = ({ readUntilSeconds, target }: Followed) =>
        readUntilSeconds === fromSeconds && namespaces.has(target.namespace);
      for (const start of starts)
        for (const owner of start.owners) {
          const one = followed.get(targetKey({ namespace: start.namespace, ...owner }));
          if (one !== undefined && isRead(one)) one.log.add(start);
        }
      for (const one of followed.values()) if (isRead(one)) one.readUntilSeconds = untilSeconds;
    },

    /** For each object whose starts up to `untilSeconds` were read, what learns from them. */
    *unlearned(untilSeconds: number): Generator<() => void> {
      for (const one of followed.values()) {
        const [newest] = one.learned;
        if (one.readUntilSeconds < untilSeconds || newest?.atSeconds === untilSeconds) continue;
        yield () => {
          const leadTime = learnLeadTime(one.log.starts, untilSeconds);
          one.learned = [{ leadTime, atSeconds: untilSeconds }, ...one.learned.slice(0, 1)];
        };
      }
    },

    /** What was learned of an object from its starts up to a moment, or the only thing that was learned of it. */
    learnedOf(target: ScaleTarget, atSeconds: number): Omit<WorkloadFacts, 'seen'> {
      const learned = followed.get(targetKey(target))?.learned ?? [];
      const known = learned.find((one) => one.atSeconds <= atSeconds) ?? learned.at(-1);
      return { leadTime: known?.leadTime, areStartsRead: known !== undefined };
    },
  };
}
