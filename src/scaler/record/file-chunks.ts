import type { DatabaseSync } from 'node:sqlite';
import type { RecordedDecision } from '../../forecast/index.ts';
import { bytesOf, inTransaction } from '../../platform/storage/sqlite/database-file.ts';
import type { FileRoom } from '../../platform/storage/sqlite/file-room.ts';
import { encodeWithin } from './chunk/fit.ts';
import { exactSeconds, keptSeconds, spanOf } from './keeper.ts';
import { decisionsOf } from './kept-bytes.ts';
import type { Statements } from './record-file.ts';

/** Places in the table of precisions. */
export const exact = 0;
const thousandths = 1;
/** Length of the chunks of the newest day and of those before, and the bytes that each may have. */
const newest = { seconds: 2 * 3600, bytes: 11_500 };
const older = { seconds: 8 * 3600, bytes: 8_800 };
/** Rows that one statement of tidying deletes at most. */
const mostDeleted = 50;

/** Adds decisions to the newest chunk of a workload, or begins another. */
export function addToChunks(
  statements: Statements,
  workload: number,
  decisions: readonly RecordedDecision[],
): void {
  const open = statements.newest.get(workload);
  const begins = spanOf(decisions).fromSeconds;
  const isOpen = open !== undefined && Math.abs(begins - Number(open['from_s'])) < newest.seconds;
  const all = isOpen ? [...decisionsOf(bytesOf(open['bytes'])), ...decisions] : decisions;
  const { fromSeconds, toSeconds } = spanOf(all);
  const bytes = encodeWithin(all, newest.bytes, exact);
  if (isOpen) statements.changeChunk.run(fromSeconds, toSeconds, bytes, Number(open['id']));
  else statements.addChunk.run(workload, fromSeconds, toSeconds, 0, bytes);
}

/** Joins the chunks of some hours of one workload that are no longer new, and keeps them as KEDA was told. */
export function compact(db: DatabaseSync, statements: Statements, nowSeconds: number): boolean {
  const ageing = statements.ageing.get(nowSeconds - exactSeconds - older.seconds);
  if (ageing === undefined) return false;
  const workload = Number(ageing['workload']);
  const beginSeconds = Math.floor(Number(ageing['from_s']) / older.seconds) * older.seconds;
  const chunks = statements.together.all(workload, beginSeconds, beginSeconds + older.seconds);
  const decisions = chunks.flatMap(({ bytes }) => decisionsOf(bytesOf(bytes)));
  inTransaction(db, () => {
    for (const { id } of chunks) statements.deleteChunk.run(Number(id));
    if (decisions.length === 0) return;
    const { fromSeconds, toSeconds } = spanOf(decisions);
    statements.addChunk.run(
      workload,
      fromSeconds,
      toSeconds,
      1,
      encodeWithin(decisions, older.bytes, thousandths),
    );
  });
  return true;
}

/** Deletes what is too old, and the oldest where the file is too large. Old chunks go before new ones, whatever the clock says. */
export function forgetOld(
  statements: Statements,
  nowSeconds: number,
  room: Pick<FileRoom, 'isTooLarge'>,
): boolean {
  const beforeSeconds = room.isTooLarge() ? Number.MAX_SAFE_INTEGER : nowSeconds - keptSeconds;
  return [1, 0].some((isOld) => Number(statements.forget.run(isOld, beforeSeconds, mostDeleted).changes) > 0);
}
