/** Somebody whose data wait to be read. */
export interface Reader {
  /** Reads at most so many bytes, and answers how many it were. */
  read(mostBytes: number): number;
  /** Whether data are left that have come already. */
  hasMore(): boolean;
}

export interface ReadTurns {
  /** Says that data have come for a reader. */
  ask(reader: Reader): void;
  /** Forgets a reader that is gone. */
  leave(reader: Reader): void;
}

/**
 * Bytes that are read in one turn of the event loop, over all connections. A call takes 100 µs to begin and a frame of HTTP/2
 * that begins one has 32 bytes and more, so that this blocks the loop for 7 ms at worst; usually it is ten calls.
 */
const usualBytes = 2_048;

/**
 * Lets connections read in turns. What has come in 64 KiB can begin two thousand calls, and a hundred connections may have as much
 * at once: read in one turn of the event loop, that is a second in which nobody gets an answer.
 *
 * Who has had nothing to read comes before those who have more than they were given (as flows do in fq_codel, RFC 8290), so that a
 * poll waits for no flood: it is read at once where half of the bytes of this turn are left. The others read the rest, one turn after
 * the other.
 */
export function createReadTurns(
  bytesPerTurn = usualBytes,
  schedule: (work: () => void) => void = setImmediate,
): ReadTurns {
  const fresh = new Set<Reader>();
  const behind = new Set<Reader>();
  let freshLeft = bytesPerTurn / 2;
  let isScheduled = false;

  function scheduleTurn(): void {
    if (isScheduled) return;
    isScheduled = true;
    schedule(giveTurn);
  }

  /** The next turn begins: those behind read what the fresh ones have left of this one, and these have theirs anew. */
  function giveTurn(): void {
    isScheduled = false;
    serve(behind, bytesPerTurn / 2 + Math.max(0, freshLeft));
    freshLeft = bytesPerTurn / 2;
    freshLeft -= serve(fresh, freshLeft);
    if (fresh.size + behind.size > 0) scheduleTurn();
  }

  /** Lets readers read, the first one first, until so many bytes are read or nobody is left; answers how many it were. */
  function serve(readers: Set<Reader>, mostBytes: number): number {
    let bytes = 0;
    for (const reader of readers) {
      if (bytes >= mostBytes) break;
      readers.delete(reader);
      bytes += readOf(reader, mostBytes - bytes);
    }
    return bytes;
  }

  function readOf(reader: Reader, mostBytes: number): number {
    const bytes = reader.read(mostBytes);
    if (bytes > 0 && reader.hasMore()) behind.add(reader);
    return bytes;
  }

  return {
    ask(reader) {
      if (fresh.has(reader) || behind.has(reader)) return;
      if (freshLeft > 0) freshLeft -= readOf(reader, freshLeft);
      else fresh.add(reader);
      scheduleTurn();
    },
    leave(reader) {
      fresh.delete(reader);
      behind.delete(reader);
    },
  };
}
