export type BusyWork = ReturnType<typeof createBusyWork>;

/** Wall time of one slice, well below the 25 ms for which nothing may block the event loop. */
const sliceMs = 5;
const chunkBytes = 4 * 1024 * 1024;

/** Does one slice; returns true when that was the last. */
type Job = () => boolean;

/** Real load on the process, in slices: between two of them the event loop serves everybody else. */
export function createBusyWork() {
  const jobs: Job[] = [];

  // One slice for each turn of the event loop, however many jobs there are: immediates that are set side by side would
  // all run in one turn. Jobs run in the order of arrival, as on a single core without time-sharing.
  function runSlice(): void {
    if (jobs[0]?.() === true) jobs.shift();
    if (jobs.length > 0) setImmediate(runSlice);
  }

  function add(slice: Job): Promise<void> {
    return new Promise((resolve) => {
      const job = () => {
        const isDone = slice();
        if (isDone) resolve();
        return isDone;
      };
      if (jobs.push(job) === 1) setImmediate(runSlice);
    });
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
