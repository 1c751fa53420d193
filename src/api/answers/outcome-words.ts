import {
  achievedService,
  type Decision,
  outcomeWindows,
  type ServedSpan,
  type ServiceOutcome,
} from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { measuredShare, percentage } from './words.ts';

const minuteSeconds = 60;
const hourSeconds = 3_600;
const daySeconds = 86_400;
/** Up to this ratio two numbers of replica-hours are called the same. */
const sameRatio = 1.005;

/** Share of time that was short by a rule, 0–1. */
export function shortShare(span: ServedSpan, policy: 'forescale' | 'reactive'): number {
  return 1 - achievedService(span, policy);
}

/** Words for the last week as far as it is known: `7 days`, `30 hours`. */
function knownTime({ seconds }: ServedSpan): string {
  if (seconds > 0.98 * outcomeWindows['7d']) return '7 days';
  return seconds >= 2 * daySeconds
    ? `${Math.round(seconds / daySeconds)} days`
    : `${Math.max(1, Math.round(seconds / hourSeconds))} hours`;
}

/** A sentence for people: how long the workload was short lately, and how long it would have been by the reactive rule. */
export function outcomeSummary(
  { serviceLevel, windows }: Pick<ServiceOutcome, 'serviceLevel' | 'windows'>,
  mode: 'active' | 'reactive',
): string {
  const span = windows['7d'];
  const isServed = mode === 'active';
  const own = `demand ${isServed ? 'was' : 'would have been'} above what the ready replicas carry for ${shortTime(span, 'forescale')}, where ${percentage(1 - serviceLevel)} is allowed`;
  const reactive = `the reactive rule ${isServed ? 'would have been' : 'was'} short for ${shortTime(span, 'reactive')} with ${comparedCost(span)}`;
  return `Over the last ${knownTime(span)}${isServed ? ' ' : ', '}${isServed ? '' : 'in mode active, '}${own}; ${reactive}.`;
}

/** Words for which level is asked for, and why; undefined where the forecast has no part in the decision. */
export function levelWords(
  decision: Pick<Decision, 'askedLevel' | 'askedFactor' | 'basis' | 'fallbackReasons'>,
  outcome: Pick<ServiceOutcome, 'serviceLevel' | 'windows'> | undefined,
): string | undefined {
  const { askedLevel, askedFactor, basis, fallbackReasons } = decision;
  const hasPart =
    basis === 'forecast' || basis === 'margin' || (basis === 'observed' && fallbackReasons.length === 0);
  if (!hasPart) return undefined;
  const less = askedFactor < 1 ? `, less ${measuredShare(1 - askedFactor)},` : '';
  const asked = `The ${percentage(askedLevel)} level of the peak${less} is asked for`;
  if (outcome === undefined) return `${asked}, because no decision could be played yet`;
  const { serviceLevel, windows } = outcome;
  const span = windows['7d'];
  return `${asked}, because over the last ${knownTime(span)} ${measuredShare(shortShare(span, 'forescale'))} of the time was short where ${percentage(1 - serviceLevel)} is allowed`;
}

/** Words for the replica-hours of the reactive rule beside those of Forescale: `6.2% fewer replica-hours`. */
function comparedCost({ forescale, reactive }: ServedSpan): string {
  const ratio = reactive.replicaSeconds / forescale.replicaSeconds;
  if (!Number.isFinite(ratio) || (ratio < sameRatio && ratio > 1 / sameRatio)) return 'as many replica-hours';
  return `${measuredShare(Math.abs(ratio - 1))} ${ratio < 1 ? 'fewer' : 'more'} replica-hours`;
}

function shortTime(span: ServedSpan, policy: 'forescale' | 'reactive'): string {
  const { shortSeconds } = span[policy];
  const minutes = Math.round(shortSeconds / minuteSeconds);
  const time = shortSeconds > 0 && minutes === 0 ? 'less than 1m' : formatDuration(minutes * minuteSeconds);
  return `${time} (${measuredShare(shortShare(span, policy))} of the time)`;
}
