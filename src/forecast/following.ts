import type { RowFollower } from './core/index.ts';

/** A follower of one history. */
export interface Following<F extends RowFollower> {
  /** The follower that knows all that was learned; undefined while it is learning the past. */
  current(): F | undefined;
  release(): void;
}
