import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { holdsStill, type KeptFacts, keptFacts, seenBefore, withKept } from './kept-facts.ts';
import type { SeenHpa, WorkloadFacts } from './workload-facts.ts';

/** A workload that is followed. */
export interface FollowedWorkload {
  /** What is known of it at a time; undefined before the first look where nothing was kept. */
  at(nowSeconds: number): WorkloadFacts | undefined;
  /** Whether all is known that the cluster can tell of it, by what is seen or by what is kept of before a restart. */
  isKnown(nowSeconds: number): boolean;
  /** What is to be kept of it for after a restart. */
  kept(): KeptFacts | undefined;
  release(): void;
}

/** A workload as it is asked about. */
export interface FollowedName {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
}

interface Look {
  readonly atSeconds: number;
  readonly facts: ReadonlyMap<string, WorkloadFacts>;
}

interface Followed extends FollowedName {
  count: number;
  /** What was kept of before a restart. */
  kept: KeptFacts | undefined;
}

/** Who is followed, and what the last two looks at the cluster told. A look counts from some seconds after its time. */
export function createFollowers(countsFromSeconds: number) {
  const followed = new Map<string, Followed>();
  const listeners = new Set<() => void>();
  let newest: Look = { atSeconds: Number.NEGATIVE_INFINITY, facts: new Map() };
  let before: Look = newest;

  return {
    list: (): readonly FollowedName[] => [...followed.values()],
    /** What the newest look saw of a workload's HPA, or what was seen of it before a restart. */
    newest: (key: string): SeenHpa | undefined =>
      newest.facts.has(key) ? newest.facts.get(key)?.seen : seenBefore(followed.get(key)?.kept),
    /** Whether a workload will have a look that counts until one at `atSeconds` does. */
    hasEarlier: (key: string, atSeconds: number): boolean =>
      (newest.atSeconds < atSeconds ? newest : before).facts.has(key),
    /** Takes what a look at `atSeconds` told. */
    renew(facts: ReadonlyMap<string, WorkloadFacts>, atSeconds: number): void {
      if (atSeconds !== newest.atSeconds) before = newest;
      newest = { atSeconds, facts };
    },
    /** Tells every follower that what is known now is to be decided by. */
    async tell(): Promise<void> {
      const slices = createTimeSlices();
      for (const listener of listeners) {
        if (slices.isOver()) await slices.nextTurn();
        listener();
      }
    },
    follow(namespace: string, name: string, onKnown?: () => void, kept?: KeptFacts): FollowedWorkload {
      const key = `${namespace}/${name}`;
      const one = followed.get(key) ?? { key, namespace, name, count: 0, kept };
      one.kept ??= kept;
      followed.set(key, one);
      one.count++;
      const listener = () => onKnown?.();
      listeners.add(listener);
      let isReleased = false;
      return {
        at(nowSeconds) {
          const counts = nowSeconds - newest.atSeconds >= countsFromSeconds || !before.facts.has(key);
          return withKept((counts ? newest : before).facts.get(key), one.kept, nowSeconds);
        },
        isKnown: (nowSeconds) =>
          newest.facts.get(key)?.areStartsRead === true || holdsStill(one.kept, nowSeconds),
        kept: () => keptFacts(newest.facts.get(key), newest.atSeconds, one.kept),
        release() {
          if (isReleased) return;
          isReleased = true;
          listeners.delete(listener);
          one.count--;
          if (one.count === 0 && followed.get(key) === one) followed.delete(key);
        },
      };
    },
  };
}
