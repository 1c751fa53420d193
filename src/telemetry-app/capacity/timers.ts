/** Monotonic time and timers, handed in so that a test can let hours pass in a moment. */
export interface Timers {
  nowMs(): number;
  /** Calls `run` once after about `milliseconds`. The function it returns cancels that. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
