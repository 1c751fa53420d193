import type { SeriesArchive } from '../../history/archive/archived-tail.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { CalendarEvent } from '../core/index.ts';
import type { RefreshOutcome } from '../refresh.ts';
import type { ReplayThreads } from '../replays/replay-job.ts';
import type { SnapshotPlace } from '../snapshots/snapshot-place.ts';
import type { TakeTurn } from './first-reads.ts';

/** What a model needs of its surroundings. */
export interface DemandModelSetting {
  /** An observed value that is older than this is not fresh. */
  readonly freshSeconds: number;
  /** Age from which a row of the history no longer changes; at least, and by default, one step. */
  readonly settleSeconds?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
  /** Where what was learned is found and kept; undefined = nowhere. */
  readonly snapshots?: SnapshotPlace | undefined;
  /** Bounds how many models read their history for the first time at once; by default nothing does. */
  readonly takeTurn?: TakeTurn | undefined;
  /** Where long histories are learned; by default in the thread that asks. */
  readonly threads?: ReplayThreads | undefined;
  /** The events of its workloads now; by default there are none. */
  eventsNow?(): readonly CalendarEvent[];
  /** Called when the past was learned with other events: the next read of the history goes on with them. */
  onEventsLearned?(): void;
  /** Called when a follower has come that knows nothing before the next read of the history. */
  onLateFollower?(): void;
  /** Where demand of this query is archived; by default it is not. */
  readonly archive?: SeriesArchive | undefined;
}
