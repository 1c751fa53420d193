import { sparkline } from '../cli/sparkline.ts';
import { scene } from './scene.ts';

/** What the terminal shows at one moment. Demand in requests per second. */
export interface DemoFrame {
  readonly simulatedTime: string;
  readonly demand: number;
  readonly signal: number | undefined;
  /** What the signal rests on, in words. */
  readonly basis: string;
  readonly seasons: readonly string[];
  readonly replicas: number;
  readonly ready: number;
  readonly p95Ms: number | undefined;
  readonly polls: number;
  readonly shed: number;
  readonly pageUrl: string;
}

const barWidth = 44;
/** Samples shown: the newest half minute. */
const sparklineWidth = 60;

/** The live view: a few lines that say who is ahead of whom. Pure; the caller puts the cursor back. */
export function renderFrame(
  frame: DemoFrame,
  history: readonly { readonly demand: number; readonly capacity: number }[],
): string {
  const scale = Math.max(
    scene.peakRequestsPerSecond * 1.2,
    frame.signal ?? 0,
    frame.ready * scene.targetRequestsPerSecond,
  );
  const bar = (value: number, fill: string) =>
    fill.repeat(Math.round((Math.min(value, scale) / scale) * barWidth)).padEnd(barWidth);
  const lately = (of: (sample: (typeof history)[number]) => number) =>
    sparkline(history.slice(-sparklineWidth).map(of), { width: sparklineWidth, highest: scale });
  const capacity = frame.ready * scene.targetRequestsPerSecond;
  return [
    `Forescale demo   ${frame.simulatedTime} (a day in ${scene.daySeconds / 60} minutes)   page: ${frame.pageUrl}`,
    '',
    `  demand    ${bar(frame.demand, '█')} ${number(frame.demand)} req/s`,
    `  signal    ${bar(frame.signal ?? 0, '▓')} ${number(frame.signal)} req/s  (${frame.basis})`,
    `  capacity  ${bar(capacity, '▒')} ${number(capacity)} req/s  ${frame.ready} of ${frame.replicas} replicas ready`,
    '',
    `  demand   ${lately((sample) => sample.demand)}`,
    `  capacity ${lately((sample) => sample.capacity)}`,
    '',
    `  seasons found: ${frame.seasons.join(' and ') || 'none yet'}   p95 ${number(frame.p95Ms)} ms   polls ${frame.polls}   shed ${frame.shed}`,
    '  Ctrl-C ends it and leaves nothing behind.',
  ].join('\n');
}

/** One line for those who do not watch: a log, a pipe. */
export function renderLine(frame: DemoFrame): string {
  return `${frame.simulatedTime}  demand ${number(frame.demand)}  signal ${number(frame.signal)} (${frame.basis})  replicas ${frame.ready}/${frame.replicas}`;
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(value < 10 ? 1 : 0);
}
