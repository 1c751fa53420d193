import { setImmediate as nextTurn } from 'node:timers/promises';

export type BusyWork = ReturnType<typeof createBusyWork>;

/** Wall time of one slice, well below the 25 ms for which nothing may block the event loop. */
const sliceMs = 5;
const chunkBytes = 4 * 1024 * 1024;

/** Real load on the process, in slices: between two of them the event loop serves everybody else. */
export function createBusyWork() {
  let last: Promise<unknown> = Promise.resolve();

  // One slice for each turn of the event loop, however many jobs there are, and one job after the other in the order of
  // arrival, as on a single core without time-sharing. A slice returns true when it was the last of its job.
  function add(slice: () => boolean): Promise<void> {
    const run = async () => {
      do await nextTurn();
      while (!slice());
    };
    const job = last.then(run, run);
    last = job;
    return job;
  }

  return {
    /** Settles when work is done that takes this thread about `milliseconds` of CPU time. */
    burn(milliseconds: number) {
      let leftMs = milliseconds;
      return add(() => {
        leftMs -= burnSlice(Math.min(leftMs, sliceMs));
        return leftMs <= 0;
      });
    },
    /** Memory of which every page is written; it is free when nobody refers to it any more. */
    async hold(mebibytes: number) {
      const chunks: Buffer[] = [];
      let leftBytes = mebibytes * 1024 * 1024;
      await add(() => {
        const bytes = Math.min(leftBytes, chunkBytes);
        // The kernel gives memory when it is written; pages of zeros it would only promise.
        chunks.push(Buffer.alloc(bytes, 1));
        leftBytes -= bytes;
        return leftBytes <= 0;
      });
      return chunks;
    },
  };
}

/** Works for about `wantedMs` of CPU time, or for one slice of wall time on a busy machine; returns the milliseconds done. */
function burnSlice(wantedMs: number): number {
  const beganMs = performance.now();
  let doneMs = 0;
  let startedMs = beganMs;
  do {
    crunch();
    const endedMs = performance.now();
    fastestCrunchMs = Math.min(fastestCrunchMs, endedMs - startedMs);
    // Work done before the duration of a crunch is known does not count.
    if (crunchesTimed >= crunchesToTime) doneMs += fastestCrunchMs;
    else crunchesTimed++;
    startedMs = endedMs;
  } while (doneMs < wantedMs && startedMs - beganMs < sliceMs);
  return doneMs;
}

/**
 * CPU time of one `crunch` on this machine, taken from the one that was interrupted least. Work is counted, not time: on a
 * busy machine it takes longer, as real work does. (The CPU time that the kernel reports goes in steps of milliseconds.)
 */
let fastestCrunchMs = Number.POSITIVE_INFINITY;
let crunchesTimed = 0;
/** Number of crunches timed first: enough for `crunch` to be compiled and for one of them to be undisturbed. */
const crunchesToTime = 200;

/** Result of all crunches. It is kept so that no compiler removes work whose result nobody needs. */
let crunched = 1;

/** A few hundredths of a millisecond of arithmetic. */
function crunch(): void {
  for (let i = 0; i < 10_000; i++) {
    crunched ^= crunched << 13;
    crunched ^= crunched >>> 17;
    crunched ^= crunched << 5;
  }
}
