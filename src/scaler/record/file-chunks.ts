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

/** Parts of a span of two hours at which those of different workloads begin, so that not all are joined at once. */
const begins = 12;

/**
 * Adds decisions of a workload as a chunk of their own. Those of a span of two hours are joined once, when one is added that is of another
 * span: to write a chunk anew with each addition would cost six times as much.
 */
export function addToChunks(
  statements: Statements,
  workload: number,
  decisions: readonly RecordedDecision[],
): void {
  const { fromSeconds, toSeconds } = spanOf(decisions);
  const before = statements.newest.get(workload);
  const spanBefore = before && spanBegin(workload, Number(before['from_s']));
  if (spanBefore !== undefined && spanBefore !== spanBegin(workload, fromSeconds))
    joinSpan(statements, workload, spanBefore);
  const bytes = encodeWithin(decisions, newest.bytes, exact);
  statements.addChunk.run(workload, fromSeconds, toSeconds, 0, bytes);
}

function spanBegin(workload: number, atSeconds: number): number {
  const offset = ((workload % begins) * newest.seconds) / begins;
  return Math.floor((atSeconds - offset) / newest.seconds) * newest.seconds + offset;
}

/** Joins the chunks that begin in a span of two hours. */
function joinSpan(statements: Statements, workload: number, beginSeconds: number): void {
  const chunks = statements.together.all(workload, beginSeconds, beginSeconds + newest.seconds);
  if (chunks.length < 2) return;
  replaceChunks(statements, workload, chunks, { isOld: 0, ...newest, precision: exact });
}

/** Puts one chunk in the place of some. */
function replaceChunks(
  statements: Statements,
  workload: number,
  chunks: ReturnType<Statements['together']['all']>,
  to: { readonly isOld: 0 | 1; readonly bytes: number; readonly precision: number },
): void {
  const decisions = chunks.flatMap(({ bytes }) => decisionsOf(bytesOf(bytes)));
  for (const { id } of chunks) statements.deleteChunk.run(Number(id));
  if (decisions.length === 0) return;
  const { fromSeconds, toSeconds } = spanOf(decisions);
  const bytes = encodeWithin(decisions, to.bytes, to.precision);
  statements.addChunk.run(workload, fromSeconds, toSeconds, to.isOld, bytes);
}

/** Joins the chunks of some hours of one workload that are no longer new, and keeps them as KEDA was told. */
export function compact(db: DatabaseSync, statements: Statements, nowSeconds: number): boolean {
  const ageing = statements.ageing.get(nowSeconds - exactSeconds - older.seconds);
  if (ageing === undefined) return false;
  const workload = Number(ageing['workload']);
  const beginSeconds = Math.floor(Number(ageing['from_s']) / older.seconds) * older.seconds;
  const chunks = statements.together.all(workload, beginSeconds, beginSeconds + older.seconds);
  inTransaction(db, () =>
    replaceChunks(statements, workload, chunks, { isOld: 1, ...older, precision: thousandths }),
  );
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
