export interface SlowStartOptions {
  readonly readyDelaySeconds: number;
  readonly warmUpSeconds: number;
  /** Share of the capacity at the moment of becoming ready. */
  readonly warmUpFactor: number;
  readonly nowMs: () => number;
}

/** A replica that has just been started: first it serves nothing, then less than it will. */
export interface SlowStart {
  /** Until it may be asked for work; 0 once it may. */
  secondsToReady(): number;
  /** Share of the capacity it has now, from `warmUpFactor` in a straight line to 1. */
  factor(): number;
}

/** Counts from now. */
export function createSlowStart(options: SlowStartOptions): SlowStart {
  const { readyDelaySeconds, warmUpSeconds, warmUpFactor, nowMs } = options;
  const startedMs = nowMs();
  const secondsReady = () => (nowMs() - startedMs) / 1000 - readyDelaySeconds;
  let isReady = false;
  return {
    secondsToReady() {
      // It stays so; every request asks, and a look at the clock is no cheap thing in a virtual machine.
      if (isReady) return 0;
      const seconds = Math.max(0, -secondsReady());
      isReady = seconds === 0;
      return seconds;
    },
    factor() {
      if (warmUpSeconds === 0) return 1;
      const warmed = Math.min(1, Math.max(0, secondsReady() / warmUpSeconds));
      return warmUpFactor + (1 - warmUpFactor) * warmed;
    },
  };
}
