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

/**
 * Bytes that are read in one turn of the event loop from all who are no suspects. A call takes up to 100 µs to begin and a frame of
 * HTTP/2 that begins one has 32 bytes and more, so that this blocks the loop for 7 ms at worst; usually it is ten calls.
 */
const usualBytes = 2_048;
/** Share of these that suspects get beside them. */
const suspectShare = 1 / 8;

/**
 * Lets connections read in turns. What has come in 64 KiB can begin two thousand calls, and a hundred connections may have as much
 * at once: read in one turn of the event loop, that is a second in which nobody gets an answer.
 *
 * Who has had nothing to read comes before those who have more than they were given (as flows do in fq_codel, RFC 8290), so that a
 * poll waits for no flood: it is read at once where half of the bytes of this turn are left. Those behind get the rest, and what is
 * left of the half. Suspects get a trickle, because what they begin costs also when it is begun slowly.
 */
export function createReadTurns(
  bytesPerTurn = usualBytes,
  schedule: (work: () => void) => void = setImmediate,
): ReadTurns {
  const half = bytesPerTurn / 2;
  const fresh = createRotation<Reader>();
  const behind = createRotation<Reader>();
  const suspects = createRotation<Reader>();
  const all = [fresh, behind, suspects];
  let freshLeft = half;
  let isScheduled = false;

  function scheduleTurn(): void {
    if (isScheduled) return;
    isScheduled = true;
    schedule(giveTurn);
  }

  function giveTurn(): void {
    isScheduled = false;
    serve(suspects, bytesPerTurn * suspectShare);
    serve(behind, half + Math.max(0, freshLeft));
    // The next turn begins, in which the fresh ones have their half anew.
    freshLeft = half;
    freshLeft -= serve(fresh, freshLeft);
    if (all.some(({ size }) => size > 0)) scheduleTurn();
  }

  /** Lets readers read until so many bytes are read or nobody is left; answers how many it were. */
  function serve(readers: Rotation<Reader>, mostBytes: number): number {
    let bytes = 0;
    while (bytes < mostBytes) {
      const reader = readers.take();
      if (reader === undefined) break;
      bytes += readOf(reader, mostBytes - bytes);
    }
    return bytes;
  }

  function readOf(reader: Reader, mostBytes: number): number {
    const bytes = reader.read(mostBytes);
    if (bytes > 0 && reader.hasMore()) (reader.isSuspect() ? suspects : behind).add(reader);
    return bytes;
  }

  return {
    ask(reader) {
      if (all.some((readers) => readers.has(reader))) return;
      if (reader.isSuspect()) suspects.add(reader);
      else if (freshLeft > 0) freshLeft -= readOf(reader, freshLeft);
      else fresh.add(reader);
      scheduleTurn();
    },
    leave(reader) {
      for (const readers of all) readers.delete(reader);
    },
  };
}
