import type { Clock } from '../../../platform/clock.ts';
import type { RollUp } from '../roll-ups/roll-up.ts';
import type { ArchivedSpan, ArchiveReach, ArchiveSize } from './archive-keeper.ts';
import { type PackedRollUps, packed, unpacked } from './packed.ts';
import type { SafeArchive } from './safe-archive.ts';

/** Roll-ups of one series on their way between threads. */
interface PackedNote {
  readonly key: string;
  readonly lengthSeconds: number;
  readonly rollUps: PackedRollUps;
}

/** What is asked of the archive, in a thread of its own. */
export type ArchiveTask =
  | { readonly kind: 'put'; readonly noted: readonly PackedNote[] }
  | { readonly kind: 'read'; readonly key: string; readonly fromSeconds: number; readonly toSeconds: number }
  | { readonly kind: 'spans'; readonly key: string }
  | { readonly kind: 'reaches'; readonly keys: readonly string[] };

/** Undefined = the file does not work, or has nothing of it. */
export type ArchiveResult =
  | ArchiveSize
  | PackedRollUps
  | readonly ArchivedSpan[]
  | readonly (ArchiveReach | undefined)[]
  | undefined;

/** Longest time that is spent on keeping the file small after roll-ups were put down, milliseconds. */
const tidyMs = 100;

/** Does one task. `monotonic` gives seconds and never goes back. */
export function doArchiveTask(
  archive: SafeArchive,
  task: ArchiveTask,
  { clock, monotonic }: { readonly clock: Clock; readonly monotonic: Clock },
): ArchiveResult {
  switch (task.kind) {
    case 'put':
      return archive.attempt(monotonic(), (keeper) => {
        const noted = task.noted.map(({ rollUps, ...one }) => ({ ...one, rollUps: unpacked(rollUps) }));
        keeper.put(noted);
        const untilSeconds = monotonic() + tidyMs / 1000;
        while (keeper.tidy(clock()) && monotonic() < untilSeconds);
        return keeper.size();
      });
    case 'read':
      return archive.attempt(monotonic(), (keeper): PackedRollUps => {
        const rollUps: readonly RollUp[] = keeper.read(task.key, task.fromSeconds, task.toSeconds);
        return packed(rollUps);
      });
    case 'spans':
      return archive.attempt(monotonic(), (keeper) => keeper.spans(task.key));
    case 'reaches':
      return archive.attempt(monotonic(), (keeper) => task.keys.map((key) => keeper.reach(key)));
  }
}
