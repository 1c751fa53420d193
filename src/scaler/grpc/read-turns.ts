import { createRotation, type Rotation } from '../../platform/turns/rotation.ts';

/** Somebody whose data wait to be read. */
export interface Reader {
  /** Who it is; groups take turns. */
  readonly group: string;
  /** Reads at most so many bytes, and answers how many it were. */
  read(mostBytes: number): number;
  /** Whether data are left that have come already. */
  hasMore(): boolean;
  /** Whether it may be a flood, which is read last and least. */
  isSuspect(): boolean;
}

export interface ReadTurns {
  /** Says that data have come for a reader. */
  ask(reader: Reader): void;
  /** Forgets a reader that is gone. */
  leave(reader: Reader): void;
}

/** How much is read in one turn of the event loop. */
export interface TurnSize {
  /** Time that reading may take in one turn, for all who are no suspects, milliseconds; half of it for who had nothing to read before. */
  readonly turnMs: number;
  /** Bytes that are read at once; how long that took is known only after them. */
  readonly pieceBytes: number;
  /** Bytes of one turn that suspects get beside the others. */
  readonly suspectBytes: number;
  /** A monotonic clock, milliseconds. */
  readonly nowMs: () => number;
}

/**
 * A call takes up to 100 µs to begin and a frame of HTTP/2 that begins one has 32 bytes and more, so that a piece blocks the loop for
 * 3.5 ms at worst, and a turn for 9. A poll of KEDA has some hundred bytes: what is asked at once is read in one turn, and
 * the answers are written together.
 */
const usualSize: TurnSize = {
  turnMs: 2,
  pieceBytes: 1_024,
  suspectBytes: 256,
  nowMs: () => performance.now(),
};

/**
 * Lets connections read in turns. What has come in 64 KiB can begin two thousand calls, and a hundred connections may have as much
 * at once: read in one turn of the event loop, that is a second in which nobody gets an answer.
 *
 * Who has had nothing to read comes before those who have more than they were given (as flows do in fq_codel, RFC 8290), so that a
 * poll waits for no flood: it is read at once where half of the time of this turn is left. Those behind get the rest, and what is
 * left of the half. Suspects get a trickle, because what they begin costs also when it is begun slowly.
 */
export function createReadTurns(
  size: TurnSize = usualSize,
  schedule: (work: () => void) => void = setImmediate,
): ReadTurns {
  const halfMs = size.turnMs / 2;
  const fresh = createRotation<Reader>();
  const behind = createRotation<Reader>();
  const suspects = createRotation<Reader>();
  const all = [fresh, behind, suspects];
  let freshMs = halfMs;
  let isScheduled = false;

  function scheduleTurn(): void {
    if (isScheduled) return;
    isScheduled = true;
    schedule(giveTurn);
  }

  function giveTurn(): void {
    isScheduled = false;
    serveSuspects();
    serve(behind, halfMs + Math.max(0, freshMs));
    // The next turn begins, in which the fresh ones have their half anew.
    freshMs = halfMs;
    freshMs -= serve(fresh, freshMs);
    if (all.some(({ size }) => size > 0)) scheduleTurn();
  }

  /** Lets readers read until the time is over or nobody is left; answers how long it took. */
  function serve(readers: Rotation<Reader>, forMs: number): number {
    let ms = 0;
    while (ms < forMs) {
      const reader = readers.take();
      if (reader === undefined) break;
      ms += readOn(reader, forMs - ms);
    }
    return ms;
  }

  function serveSuspects(): void {
    let left = size.suspectBytes;
    while (left > 0) {
      const reader = suspects.take();
      if (reader === undefined) break;
      left -= reader.read(left);
      keep(reader);
    }
  }

  function readOn(reader: Reader, forMs: number): number {
    const ms = readFor(reader, forMs, size);
    keep(reader);
    return ms;
  }

  function keep(reader: Reader): void {
    if (reader.hasMore()) (reader.isSuspect() ? suspects : behind).add(reader);
  }

  return {
    ask(reader) {
      if (all.some((readers) => readers.has(reader))) return;
      if (reader.isSuspect()) suspects.add(reader);
      else if (freshMs > 0) freshMs -= readOn(reader, freshMs);
      else fresh.add(reader);
      scheduleTurn();
    },
    leave(reader) {
      for (const readers of all) readers.delete(reader);
    },
  };
}

/** Lets one read until it has nothing left, is a suspect, or the time is over; answers how long it took, milliseconds. */
function readFor(reader: Reader, forMs: number, { pieceBytes, nowMs }: TurnSize): number {
  const startMs = nowMs();
  let ms = 0;
  while (ms < forMs && reader.hasMore() && !reader.isSuspect()) {
    reader.read(pieceBytes);
    ms = nowMs() - startMs;
  }
  return ms;
}
