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
export function createFollowers(countsFromSeconds: number): Followers {
  return new Followers(countsFromSeconds);
}

class Followers {
  readonly #countsFromSeconds: number;
  readonly #followed = new Map<string, Followed>();
  readonly #following = new Set<Following>();
  #newest: Look = { atSeconds: Number.NEGATIVE_INFINITY, facts: new Map() };
  #before: Look = this.#newest;

  constructor(countsFromSeconds: number) {
    this.#countsFromSeconds = countsFromSeconds;
  }

  list(): readonly FollowedName[] {
    return [...this.#followed.values()];
  }

  /** What the newest look saw of a workload's HPA, or what was seen of it before a restart. */
  newest(key: string): SeenHpa | undefined {
    const { facts } = this.#newest;
    return facts.has(key) ? facts.get(key)?.seen : seenBefore(this.#followed.get(key)?.kept);
  }

  /** Whether a workload will have a look that counts until one at `atSeconds` does. */
  hasEarlier(key: string, atSeconds: number): boolean {
    return (this.#newest.atSeconds < atSeconds ? this.#newest : this.#before).facts.has(key);
  }

  /** Takes what a look at `atSeconds` told. */
  renew(facts: ReadonlyMap<string, WorkloadFacts>, atSeconds: number): void {
    if (atSeconds !== this.#newest.atSeconds) this.#before = this.#newest;
    this.#newest = { atSeconds, facts };
  }

  /** Tells every follower that what is known now is to be decided by. */
  async tell(): Promise<void> {
    const slices = createTimeSlices();
    for (const { onKnown } of this.#following) {
      if (slices.isOver()) await slices.nextTurn();
      onKnown?.();
    }
  }

  follow(namespace: string, name: string, onKnown?: () => void, kept?: KeptFacts): FollowedWorkload {
    const key = `${namespace}/${name}`;
    const one = this.#followed.get(key) ?? { key, namespace, name, count: 0, kept };
    one.kept ??= kept;
    this.#followed.set(key, one);
    one.count++;
    const following = new Following(this, one, onKnown);
    this.#following.add(following);
    return following;
  }

  /** What is known of a workload at a time; undefined before the first look where nothing was kept. */
  factsAt({ key, kept }: Followed, nowSeconds: number): WorkloadFacts | undefined {
    const counts =
      nowSeconds - this.#newest.atSeconds >= this.#countsFromSeconds || !this.#before.facts.has(key);
    return withKept((counts ? this.#newest : this.#before).facts.get(key), kept, nowSeconds);
  }

  isKnown({ key, kept }: Followed, nowSeconds: number): boolean {
    return this.#newest.facts.get(key)?.areStartsRead === true || holdsStill(kept, nowSeconds);
  }

  kept({ key, kept }: Followed): KeptFacts | undefined {
    return keptFacts(this.#newest.facts.get(key), this.#newest.atSeconds, kept);
  }

  letGo(following: Following, one: Followed): void {
    if (!this.#following.delete(following)) return;
    one.count--;
    if (one.count === 0 && this.#followed.get(one.key) === one) this.#followed.delete(one.key);
  }
}

/** A class, as StartingFleet of the controllers is. */
class Following implements FollowedWorkload {
  readonly onKnown: (() => void) | undefined;
  readonly #followers: Followers;
  readonly #one: Followed;

  constructor(followers: Followers, one: Followed, onKnown: (() => void) | undefined) {
    this.#followers = followers;
    this.#one = one;
    this.onKnown = onKnown;
  }

  at(nowSeconds: number): WorkloadFacts | undefined {
    return this.#followers.factsAt(this.#one, nowSeconds);
  }

  isKnown(nowSeconds: number): boolean {
    return this.#followers.isKnown(this.#one, nowSeconds);
  }

  kept(): KeptFacts | undefined {
    return this.#followers.kept(this.#one);
  }

  release(): void {
    this.#followers.letGo(this, this.#one);
  }
}
