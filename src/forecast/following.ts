import type { RowFollower, Stateful } from './core/index.ts';

/** A follower whose state can be kept across restarts. */
export type KeptFollower = RowFollower & Stateful;

/** A follower of one history. */
export interface Following<F extends RowFollower> {
  /** The follower that knows all that was learned; undefined while it is learning the past. */
  current(): F | undefined;
  release(): void;
}
