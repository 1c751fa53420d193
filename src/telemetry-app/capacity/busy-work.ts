/** Real load on the process, in slices: between two of them the event loop serves everybody else. */
export interface BusyWork {
  /** Settles when work was done that takes this thread so much CPU time. */
  burn(milliseconds: number): Promise<void>;
  /** Memory that is really there, every page of it written; it is free when nobody refers to it any more. */
  hold(mebibytes: number): Promise<Buffer[]>;
}

/** Wall time of one slice: well below the 25 ms nothing may block the event loop for. */
const sliceMs = 5;
const chunkBytes = 4 * 1024 * 1024;

/** Does one slice; true when that was the last. */
type Job = () => boolean;

export function createBusyWork(): BusyWork {
  const jobs: Job[] = [];

  // One slice for each turn of the loop, however many jobs there are: immediates that are set side by side would all
  // run in one turn. First come first served, as a single core that is not interrupted does it.
  function turn(): void {
    if (jobs[0]?.() === true) jobs.shift();
    if (jobs.length > 0) setImmediate(turn);
  }

  function add(slice: Job): Promise<void> {
    return new Promise((resolve) => {
      const job = () => {
        const isDone = slice();
        if (isDone) resolve();
        return isDone;
      };
      if (jobs.push(job) === 1) setImmediate(turn);
    });
  }

  return {
    burn(milliseconds) {
      let leftMs = milliseconds;
      return add(() => {
        leftMs -= burnSlice(Math.min(leftMs, sliceMs));
        return leftMs <= 0;
      });
    },
    async hold(mebibytes) {
      const chunks: Buffer[] = [];
      let leftBytes = mebibytes * 1024 * 1024;
      if (leftBytes > 0) {
        await add(() => {
          const bytes = Math.min(leftBytes, chunkBytes);
          // Zeros would be promised by the kernel, not given.
          chunks.push(Buffer.alloc(bytes, 1));
          leftBytes -= bytes;
          return leftBytes <= 0;
        });
      }
      return chunks;
    },
  };
}

/** Milliseconds of work done: about `wantedMs`, or what the wall time of a slice allows on a machine that is busy. */
function burnSlice(wantedMs: number): number {
  const beganMs = performance.now();
  let doneMs = 0;
  let startedMs = beganMs;
  do {
    crunch();
    const endedMs = performance.now();
    fastestCrunchMs = Math.min(fastestCrunchMs, endedMs - startedMs);
    // What is done before it is known how long a crunch takes does not count.
    if (crunchesTimed >= crunchesToTime) doneMs += fastestCrunchMs;
    else crunchesTimed++;
    startedMs = endedMs;
  } while (doneMs < wantedMs && startedMs - beganMs < sliceMs);
  return doneMs;
}

/**
 * CPU time of one `crunch` on this machine: that of the one that was interrupted least. Work is counted, not time: on a
 * machine that is busy it takes longer, as work does. (The CPU time the kernel tells of goes in steps of milliseconds.)
 */
let fastestCrunchMs = Number.POSITIVE_INFINITY;
let crunchesTimed = 0;
/** Enough to be compiled, and for one of them to be undisturbed. */
const crunchesToTime = 200;

/** Kept, so that no compiler finds out that nobody needs it. */
let crunched = 1;

/** A few hundredths of a millisecond of arithmetic. */
function crunch(): void {
  for (let i = 0; i < 10_000; i++) {
    crunched ^= crunched << 13;
    crunched ^= crunched >>> 17;
    crunched ^= crunched << 5;
  }
}
