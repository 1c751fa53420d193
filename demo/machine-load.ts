import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How well this machine kept up: what it was late by is in every latency that was measured. */
export interface MachineLoad {
  /** The demo's own event loop was late by no more than this for 99 % of the time. */
  readonly eventLoopP99Ms: number;
  /** The longest it was ever late: arrivals of that time came in one burst. */
  readonly eventLoopMaxMs: number;
  /** Processes that ran or wanted to, on average over the last minute; the demo's own are among them. */
  readonly loadAverage: number;
  readonly cores: number;
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
/** More than this waiting for each core, and whoever has a request may not get one. */
const crowdedPerCore = 2;

export function watchMachine(): MachineWatch {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    read: () => ({
      eventLoopP99Ms: lateness(delays.percentile(99)),
      eventLoopMaxMs: lateness(delays.max),
      loadAverage: loadavg()[0] ?? 0,
      cores: availableParallelism(),
    }),
    countAnew: () => delays.reset(),
    close: () => delays.disable(),
  };
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}

/** How busy this machine was, in lines: what others do on it makes both fleets slower, and the forecast's margin larger. */
export function machineWords({ eventLoopMaxMs, loadAverage, cores }: MachineLoad): readonly string[] {
  const late = `late by ${eventLoopMaxMs.toFixed(0)} ms at most`;
  const wasBusy = eventLoopMaxMs > lateMs || loadAverage > crowdedPerCore * cores;
  return [
    `Machine: ${cores} cores, load ${loadAverage.toFixed(1)}; the demo was ${late}.`,
    ...(wasBusy
      ? [
          'That is a busy machine: it makes both fleets slower, and the margin of',
          'the forecast larger. Leave it alone, and the comparison is a better one.',
        ]
      : []),
  ];
}

/** What is wrong with it, as sentences. */
export function machineErrors({ eventLoopP99Ms }: Pick<MachineLoad, 'eventLoopP99Ms'>): readonly string[] {
  if (eventLoopP99Ms <= lateMs) return [];
  const late = `the demo itself was late by ${eventLoopP99Ms.toFixed(0)} ms for 1 % of the time`;
  return [`this machine was too busy: ${late}, so latencies and shed requests may be the machine's doing`];
}
