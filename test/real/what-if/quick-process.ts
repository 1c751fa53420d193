/**
 * Loaded into a program before all else (`--import`): its clock and the pauses of its loops pass as fast as QUICK_TIME says.
 * Deadlines and slices of work stay as they are, because what they bound takes as long as ever.
 */
import { createQuickClock, type QuickTime } from './quick-clock.ts';

const time = JSON.parse(process.env['QUICK_TIME'] ?? '') as QuickTime;
const wallMs = Date.now;
const clock = createQuickClock(time, () => wallMs() / 1000);
/** Who waits for time to pass, and not for work to be done. */
const paced = /\/src\/(?:platform\/turns\/alarms|scaler\/service|server\/keep-workloads)\.ts/;

Date.now = () => Math.floor(clock() * 1000);

function isPaced(): boolean {
  // The caller of the timer: below this function and the timer itself.
  return paced.test(new Error().stack?.split('\n')[3] ?? '');
}

const { setTimeout: wait, setInterval: repeat } = globalThis;
const msOf = (ms: number | undefined, isQuick: boolean) => (isQuick ? (ms ?? 0) / time.speed : ms);
globalThis.setTimeout = Object.assign(
  (work: () => void, ms?: number, ...args: []) => wait(work, msOf(ms, isPaced()), ...args),
  wait,
);
globalThis.setInterval = Object.assign(
  (work: () => void, ms?: number, ...args: []) => repeat(work, msOf(ms, isPaced()), ...args),
  repeat,
);
