import type { WorkloadState } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { measuredShare, percentage } from './words.ts';

/** How much a workload wants to be looked at, worst first. */
export const attentions = ['critical', 'warning', 'notice', 'ok'] as const;

/** What a workload wants of people, and why in a few words. */
export interface Attention {
  readonly attention: (typeof attentions)[number];
  /** Undefined where all is well. */
  readonly reason: string | undefined;
}

/** What is known of a workload that may ask for attention. */
export interface Attended {
  readonly state: WorkloadState;
  /** Why the forecast has no influence, or why nothing is served; undefined where neither is so. */
  readonly cause: string | undefined;
  /** Age of the newest observation, seconds; undefined before the first. */
  readonly observedAgeSeconds: number | undefined;
  readonly isKillSwitchOn: boolean;
  /** Share of time served in the last week by the rule that is served; undefined before anything was played. */
  readonly achievedService: number | undefined;
  /** Promised share; undefined before anything was played. */
  readonly serviceLevel: number | undefined;
  /** Replicas that the highest forecast of the next day needs. */
  readonly peakReplicas: number | undefined;
  readonly maxReplicas: number | undefined;
}

/**
 * Decides how much attention a workload wants. A broken promise comes before a limit that will be too low, and that before distrust,
 * because the observed demand is served meanwhile.
 */
export function attentionOf(workload: Attended): Attention {
  const { state, cause, observedAgeSeconds } = workload;
  if (state === 'unavailable') return critical(`KEDA gets an error${because(cause)}`);
  if (state === 'blind') {
    const age = observedAgeSeconds ?? 0;
    return critical(`no fresh data for ${formatDuration(Math.max(0, Math.round(age)))}${because(cause)}`);
  }
  const warned = shortOfPromise(workload) ?? maximumTooLow(workload);
  if (warned !== undefined) return { attention: 'warning', reason: warned };
  switch (state) {
    case 'distrusted':
      return { attention: 'warning', reason: 'the forecast was lately dearer than the reactive rule' };
    case 'learning':
      return notice(`learning${because(cause)}`);
    case 'loading':
      return notice('its history is being read');
    case 'reactive':
      return notice(workload.isKillSwitchOn ? 'the kill switch is on' : 'reactive by choice');
    case 'trusted':
      return { attention: 'ok', reason: undefined };
  }
}

/** More of the last week was short than is allowed: the budget is overspent. */
function shortOfPromise({ achievedService, serviceLevel }: Attended): string | undefined {
  if (achievedService === undefined || serviceLevel === undefined) return undefined;
  if (achievedService >= serviceLevel) return undefined;
  return `short for ${measuredShare(1 - achievedService)} of the last week, ${percentage(1 - serviceLevel)} is allowed`;
}

function maximumTooLow({ peakReplicas, maxReplicas }: Attended): string | undefined {
  if (peakReplicas === undefined || maxReplicas === undefined || peakReplicas <= maxReplicas)
    return undefined;
  return `the next peak needs ${peakReplicas} replicas, the maximum is ${maxReplicas}`;
}

/** Longest cause, characters: a list of a thousand workloads is read at once. */
const longestCause = 60;

function because(cause: string | undefined): string {
  if (cause === undefined) return '';
  return `: ${cause.length > longestCause ? `${cause.slice(0, longestCause - 1)}…` : cause}`;
}

const critical = (reason: string) => ({ attention: 'critical', reason }) as const;
const notice = (reason: string) => ({ attention: 'notice', reason }) as const;
