import {
  type FollowerKinds,
  goOnFrom,
  HistoryChanged,
  type Learned,
  type Learners,
  readAll,
} from './learned.ts';
import type { Snapshot } from './snapshot.ts';
import type { SnapshotPlace } from './snapshot-place.ts';

/**
 * What a snapshot says was learned, and what came since; undefined where it cannot be gone on from, which the place is told. Rejects as
 * the source does.
 */
export async function restoreLearned(
  place: SnapshotPlace,
  {
    snapshot,
    learners,
    kinds,
  }: { readonly snapshot: Snapshot; readonly learners: Learners; readonly kinds: FollowerKinds },
  atSeconds: number,
  signal: AbortSignal,
): Promise<Learned | undefined> {
  const learned = begun(place, learners, kinds, snapshot);
  if (learned === undefined) return undefined;
  try {
    await readAll(learned, (work) => work(), atSeconds, signal);
    return learned;
  } catch (error) {
    if (!(error instanceof HistoryChanged || error instanceof RangeError)) throw error;
    place.refuse(error.message);
    return undefined;
  }
}

/** Undefined where a snapshot is not one of these parts, whatever else it is: nothing but a replay is lost. */
function begun(
  place: SnapshotPlace,
  learners: Learners,
  kinds: FollowerKinds,
  snapshot: Snapshot,
): Learned | undefined {
  try {
    return goOnFrom(learners, kinds, snapshot);
  } catch (error) {
    place.refuse(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
