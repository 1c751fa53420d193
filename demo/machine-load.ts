import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How busy this machine was during the run. Its delays are part of every latency that was measured. */
export interface MachineLoad {
  /** 99th percentile of the delay of the demo's own event loop. */
  readonly eventLoopP99Ms: number;
  /** The longest delay of the event loop. Requests that were due during the delay were sent in one burst after it. */
  readonly eventLoopMaxMs: number;
  /** Mean number of processes that ran or waited for a core lately, since the measurement began at most; the demo's own included. */
  readonly loadAverage: number;
  readonly cores: number;
}

export interface MachineWatch {
  read(): MachineLoad;
  /** Restarts the measurement. */
  countAnew(): void;
  close(): void;
}

/** Length of a tick, whose actual distance to the next one the histogram counts. With an idle event loop it is this value. */
const resolutionMs = 10;
/** Above this delay the machine may be the cause of rejected requests and latencies. */
export const lateMs = 200;
/** Number of processes per core above which a request may have to wait for a core, and above which most of them do. */
const [crowdedPerCore, overloadedPerCore] = [2, 4];

export function watchMachine(): MachineWatch {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let began = { average: loadOfAMinute(), ms: performance.now() };
  return {
    read: () => ({
      eventLoopP99Ms: lateness(delays.percentile(99)),
      eventLoopMaxMs: lateness(delays.max),
      loadAverage: loadSince(began.average, loadOfAMinute(), (performance.now() - began.ms) / 1000),
      cores: availableParallelism(),
    }),
    countAnew() {
      delays.reset();
      began = { average: loadOfAMinute(), ms: performance.now() };
    },
    close: () => delays.disable(),
  };
}

const loadOfAMinute = () => loadavg()[0] ?? 0;

/** Less of a minute says nothing: Linux counts every five seconds. */
const leastSeconds = 10;

/**
 * The load since a moment, of the load averages of a minute then and `seconds` later. In such an average what was before fades by
 * exp(−1) a minute (Linux, kernel/sched/loadavg.c), so that work which ended before the moment would count.
 */
export function loadSince(before: number, after: number, seconds: number): number {
  if (seconds < leastSeconds) return after;
  const left = Math.exp(-seconds / 60);
  return Math.max(0, (after - left * before) / (1 - left));
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}

/** How busy this machine was, in lines of at most 72 characters. */
export function machineWords({ eventLoopMaxMs, loadAverage, cores }: MachineLoad): readonly string[] {
  const late = `late by ${eventLoopMaxMs.toFixed(0)} ms at most`;
  const wasBusy = eventLoopMaxMs > lateMs || loadAverage > crowdedPerCore * cores;
  return [
    `Machine: ${cores} cores, load ${loadAverage.toFixed(1)}; the demo was ${late}.`,
    ...(wasBusy
      ? [
          'That is a busy machine: both fleets are slower, and the margin of the',
          'forecast is larger. Repeat the run when nothing else runs here.',
        ]
      : []),
  ];
}

/** Why the machine was too busy for a comparison of the fleets; undefined where it was not. */
export function tooBusy(load: MachineLoad): string | undefined {
  const { eventLoopP99Ms, loadAverage, cores } = load;
  const doing = 'so latencies and rejected requests may be the machine’s doing';
  if (eventLoopP99Ms > lateMs)
    return `this machine was too busy: the demo itself was late by ${eventLoopP99Ms.toFixed(0)} ms for 1 % of the time, ${doing}`;
  if (loadAverage > overloadedPerCore * cores)
    return `this machine was too busy: ${loadAverage.toFixed(1)} processes wanted its ${cores} cores, ${doing}`;
  return undefined;
}
