import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How well this machine kept up: what it was late by is in every latency that was measured. */
export interface MachineLoad {
  /** The demo's own event loop was late by no more than this for 99 % of the time. */
  readonly eventLoopP99Ms: number;
  /** The longest it was ever late: arrivals of that time came in one burst. */
  readonly eventLoopMaxMs: number;
}

export interface MachineWatch {
  read(): MachineLoad;
  /** Forgets what was before. */
  countAnew(): void;
  close(): void;
}

/** The histogram holds the distance of two ticks of this length, so an idle loop reads as that. */
const resolutionMs = 10;
/** Beyond this shed requests and latencies may be the machine's doing. */
const lateMs = 200;

export function watchMachine(): MachineWatch {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    read: () => ({
      eventLoopP99Ms: lateness(delays.percentile(99)),
      eventLoopMaxMs: lateness(delays.max),
    }),
    countAnew: () => delays.reset(),
    close: () => delays.disable(),
  };
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}

/** What is to be said of it, as sentences. */
export function machineErrors({ eventLoopP99Ms }: Pick<MachineLoad, 'eventLoopP99Ms'>): readonly string[] {
  if (eventLoopP99Ms <= lateMs) return [];
  const late = `the demo itself was late by ${eventLoopP99Ms.toFixed(0)} ms for 1 % of the time`;
  return [`this machine was too busy: ${late}, so latencies and shed requests may be the machine's doing`];
}
