import type { RowFollower, Stateful } from './core/index.ts';

/** A follower whose state can be kept across restarts. */
export interface KeptFollower extends RowFollower, Stateful {
  /** Rows before this moment, unix seconds, are for finding its place only: what happens then does not count. */
  countFrom(unixSeconds: number): void;
}

/** A follower of one history. */
export interface Following<F extends RowFollower> {
  /** The follower that knows all that was learned; undefined while it is learning the past. */
  current(): F | undefined;
  release(): void;
}
