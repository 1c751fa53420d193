import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { SeenHpa, WorkloadFacts } from './workload-facts.ts';

/** A workload that is followed. */
export interface FollowedWorkload {
  /** What is known of it at a time; undefined before the first look. */
  at(nowSeconds: number): WorkloadFacts | undefined;
  /** Whether all is known that the cluster can tell of it. */
  isKnown(): boolean;
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

/** Who is followed, and what the last two looks at the cluster told. A look counts from some seconds after its time. */
export function createFollowers(countsFromSeconds: number) {
  const followed = new Map<string, FollowedName & { count: number }>();
  const listeners = new Set<() => void>();
  let newest: Look = { atSeconds: Number.NEGATIVE_INFINITY, facts: new Map() };
  let before: Look = newest;

  return {
    list: (): readonly FollowedName[] => [...followed.values()],
    /** What the newest look saw of a workload's HPA. */
    newest: (key: string): SeenHpa | undefined => newest.facts.get(key)?.seen,
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
    follow(namespace: string, name: string, onKnown?: () => void): FollowedWorkload {
      const key = `${namespace}/${name}`;
      const one = followed.get(key) ?? { key, namespace, name, count: 0 };
      followed.set(key, one);
      one.count++;
      const listener = () => onKnown?.();
      listeners.add(listener);
      let isReleased = false;
      return {
        at(nowSeconds) {
          const counts = nowSeconds - newest.atSeconds >= countsFromSeconds || !before.facts.has(key);
          return (counts ? newest : before).facts.get(key);
        },
        isKnown: () => newest.facts.get(key)?.areStartsRead === true,
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
