import type { Outcome } from '../outcome/tally.ts';
import type { ShortWindow } from '../outcome/worst-windows.ts';
import type { CalendarGain } from '../studies/calendar-study.ts';

/** One policy as the answer of a what-if has it: its figures with the setting that is used without tuning. */
export interface PolicyAnswer extends Outcome {
  readonly name: string;
  readonly title: string;
  readonly knob: { readonly meaning: string; readonly setting: number };
  /** Price of its replica-hours; undefined where no price was given. */
  readonly cost?: number;
  /** Its figures when tuned, before the time that is judged, for the service level; null where it was not tuned. */
  readonly atEqualService: (Outcome & { readonly setting: number; readonly cost?: number }) | null;
}

/** The answer of a what-if: what `--json` prints. Its names are stable; times are unix seconds. */
export interface WhatIfAnswer {
  /** The time that is judged. */
  readonly from: number;
  readonly to: number;
  readonly serviceLevel: number;
  readonly policies: readonly PolicyAnswer[];
  /** Forescale beside the reactive rule at its best target in hindsight for the same short time; null where Forescale was not played. */
  readonly verdict: {
    /** Replica-hours of that reactive rule; null where no target is short so little. */
    readonly reactiveReplicaHours: number | null;
    /** Share of its replica-hours that Forescale saves; below 0 where it is dearer. */
    readonly savedShare: number | null;
    readonly recommendation: 'turn-on' | 'no-difference' | 'leave-off';
  } | null;
  /** What the calendar changes, where there is one and Forescale was played. */
  readonly calendar?: CalendarGain;
  /** The hours in which each policy left most demand unserved, worst first. */
  readonly worstWindows: readonly WorstWindow[];
}

export interface WorstWindow extends Omit<ShortWindow, 'fromSeconds' | 'toSeconds'> {
  readonly policy: string;
  readonly from: number;
  readonly to: number;
}

/** A difference in replica-hours below this share is none. */
const noDifference = 0.02;

/** What Forescale's replica-hours are worth beside those of the best reactive rule at the same short time. */
export function verdictOf(
  replicaHours: number,
  reactiveReplicaHours: number | undefined,
): NonNullable<WhatIfAnswer['verdict']> {
  if (reactiveReplicaHours === undefined)
    return { reactiveReplicaHours: null, savedShare: null, recommendation: 'turn-on' };
  const savedShare = 1 - replicaHours / reactiveReplicaHours;
  const isAlike = Math.abs(savedShare) <= noDifference;
  return {
    reactiveReplicaHours,
    savedShare,
    recommendation: isAlike ? 'no-difference' : savedShare > 0 ? 'turn-on' : 'leave-off',
  };
}
