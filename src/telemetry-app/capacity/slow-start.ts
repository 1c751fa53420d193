export interface SlowStartOptions {
  readonly readyDelaySeconds: number;
  readonly warmUpSeconds: number;
  /** Share of the capacity at the moment of becoming ready. */
  readonly warmUpFactor: number;
  readonly nowMs: () => number;
}

export type SlowStart = ReturnType<typeof createSlowStart>;

/** The first time of a replica, which begins now: it serves nothing at first, then less than it will. */
export function createSlowStart(options: SlowStartOptions) {
  const { readyDelaySeconds, warmUpSeconds, warmUpFactor, nowMs } = options;
  const startedMs = nowMs();
  const secondsReady = () => (nowMs() - startedMs) / 1000 - readyDelaySeconds;
  let isReady = false;
  return {
    /** Seconds until the replica accepts work; 0 once it does. */
    secondsToReady() {
      // A replica stays ready. Every request asks, and reading the clock is expensive in a virtual machine.
      if (isReady) return 0;
      const seconds = Math.max(0, -secondsReady());
      isReady = seconds === 0;
      return seconds;
    },
    /** Share of the capacity the replica has now, from `warmUpFactor` in a straight line to 1. */
    factor() {
      if (warmUpSeconds === 0) return 1;
      const warmed = Math.min(1, Math.max(0, secondsReady() / warmUpSeconds));
      return warmUpFactor + (1 - warmUpFactor) * warmed;
    },
  };
}
