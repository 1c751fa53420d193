import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { Connection, HalfOpenCall } from './connection.ts';
import type { Connections } from './connections.ts';

/**
 * Calls at once, over all connections, whose request has not come. Each costs some kilobytes. An honest request is there within
 * milliseconds of its call, but thousands may wait where KEDA connects anew: flow control holds requests back, and no calls.
 */
const mostHalfOpen = 4_000;
/** How many of them may be of connections over which no request has come yet, once the grace is over. */
const mostUnproven = 1_000;
/**
 * A client that connects may begin all its calls before the first request is written, as grpc-js does: a connection whose oldest call is
 * younger than this is cut only where the calls of others have no room.
 */
const graceMs = 2_000;
/** Calls of one connection that may miss the deadline at once; who has more is no client. */
const mostLate = 100;
/** Time between two looks for calls that are late. */
const lookMs = 50;

interface HalfOpenOptions {
  readonly connections: Pick<Connections, 'begun'>;
  /** A call whose request has not come within this time is ended. */
  readonly deadlineMs: number;
  /** A monotonic clock, milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Calls whose request has not come. One that is late is ended. Where there are too many, the connection that has the most is cut, and
 * so is one with many that are late. One that has just begun them is not: of its calls those beyond are ended.
 */
export interface HalfOpenTable {
  add(connection: Connection, call: HalfOpenCall): void;
  /** The call has ended. */
  forget(connection: Connection, call: HalfOpenCall): void;
  /** The request of the call has come. */
  noteRequest(connection: Connection, call: HalfOpenCall): void;
}

/** Creates a table without calls. */
export function createHalfOpenTable({ connections, deadlineMs, nowMs }: HalfOpenOptions): HalfOpenTable {
  let count = 0;
  let unproven = 0;
  let isWatched = false;

  function forget(connection: Connection, call: HalfOpenCall): void {
    if (!connection.halfOpen.delete(call)) return;
    count--;
    if (!isProven(connection)) unproven--;
  }

  function cut(connection: Connection): void {
    count -= connection.halfOpen.size;
    if (!isProven(connection)) unproven -= connection.halfOpen.size;
    connection.halfOpen.clear();
    connection.cut();
  }

  /** Cuts the connection with the most calls among those that are meant, or ends the newest call alone where its calls are new. */
  function relieve(isMeant: (connection: Connection) => boolean, connection: Connection, call: HalfOpenCall) {
    let largest: Connection | undefined;
    for (const one of connections.begun())
      if (isMeant(one) && one.halfOpen.size > (largest?.halfOpen.size ?? 0)) largest = one;
    if (largest === undefined) return;
    const [oldest] = largest.halfOpen;
    const isNew = oldest !== undefined && nowMs() - oldest.beganMs < graceMs;
    if (!isNew || (count > mostHalfOpen && largest !== connection)) cut(largest);
    else if (count > mostHalfOpen) call.end('too many calls at once');
  }

  function watch(afterMs: number): void {
    if (isWatched || count === 0) return;
    isWatched = true;
    const look = async () => {
      await endLate();
      isWatched = false;
      watch(lookMs);
    };
    setTimeout(look, afterMs).unref();
  }

  async function endLate(): Promise<void> {
    const slices = createTimeSlices({ sliceFor: 'caller' });
    for (const connection of connections.begun()) {
      const late = lateOf(connection, nowMs() - deadlineMs);
      if (late.length > mostLate) cut(connection);
      else for (const call of late) call.end(`no request came within ${deadlineMs / 1000} s`);
      if (slices.isOver()) await slices.nextTurn();
    }
  }

  return {
    forget,
    add(connection, call) {
      connection.halfOpen.add(call);
      count++;
      if (!isProven(connection)) unproven++;
      if (unproven > mostUnproven) relieve((one) => !isProven(one), connection, call);
      else if (count > mostHalfOpen) relieve(() => true, connection, call);
      watch(deadlineMs);
    },
    noteRequest(connection, call) {
      if (!isProven(connection)) unproven -= connection.halfOpen.size;
      connection.askedMs = nowMs();
      forget(connection, call);
    },
  };
}

/** Whether a request has come over a connection. */
function isProven({ askedMs }: Connection): boolean {
  return askedMs !== Number.NEGATIVE_INFINITY;
}

/** Calls of a connection that began before a time; the oldest are first, and later ones are not looked at. */
function lateOf({ halfOpen }: Connection, beforeMs: number): HalfOpenCall[] {
  const late: HalfOpenCall[] = [];
  for (const call of halfOpen) {
    if (call.beganMs > beforeMs) break;
    late.push(call);
  }
  return late;
}
