import { bytesOf } from '../../../platform/storage/sqlite/database-file.ts';
import { merged, rowsIn } from '../roll-ups/merge.ts';
import type { RollUp } from '../roll-ups/roll-up.ts';
import { decodeRollUps, encodeRollUps, mostPerChunk } from '../roll-ups/roll-up-chunk.ts';
import type { ArchiveStatements } from './archive-file.ts';

/** Roll-ups that a full chunk has: some two days of five minutes. Three such chunks share a page of the file. */
const perChunk = 512;

/** Length of the span of a chunk, seconds. */
export function spanSeconds(lengthSeconds: number): number {
  return perChunk * lengthSeconds;
}

/** Begin of the span of a chunk that has a moment. Spans are the same on every replica. */
function spanStart(atSeconds: number, lengthSeconds: number): number {
  const seconds = spanSeconds(lengthSeconds);
  return Math.floor(atSeconds / seconds) * seconds;
}

/** Adds roll-ups to the chunks of a series. Chunks that can have no more are left as they are. */
export function mergeIntoChunks(
  statements: ArchiveStatements,
  { series, lengthSeconds }: { readonly series: number; readonly lengthSeconds: number },
  rollUps: readonly RollUp[],
): void {
  const parts = Map.groupBy(rollUps, ({ atSeconds }) => spanStart(atSeconds, lengthSeconds));
  for (const [fromSeconds, part] of parts) {
    const known = statements.chunk.get(series, fromSeconds);
    if (known !== undefined && isFull(Number(known['count']), Number(known['rows']), part)) continue;
    const before = known === undefined ? [] : decodeRollUps(bytesOf(known['bytes']));
    const all = merged(before, part);
    // Of series whose rows keep to no grid peers may tell of any number of moments; what is kept is worth more.
    if (all.length > mostPerChunk) continue;
    const rows = rowsIn(all);
    if (known !== undefined && before.length > 0 && rows === Number(known['rows'])) continue;
    const [first, last] = [all[0]?.atSeconds ?? 0, all.at(-1)?.atSeconds ?? 0];
    statements.putChunk.run(
      ...[series, fromSeconds, Math.floor(first), Math.ceil(last), all.length, rows],
      encodeRollUps(all, lengthSeconds),
    );
  }
}

function isFull(count: number, rows: number, part: readonly RollUp[]): boolean {
  const most = part.reduce((highest, rollUp) => Math.max(highest, rollUp.rows), 0);
  return count >= perChunk && rows >= count * most;
}
