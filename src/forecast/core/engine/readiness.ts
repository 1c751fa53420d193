import { enoughResiduals } from '../calibration/residuals.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { LearningReason } from '../contract.ts';

/** What a forecaster has seen so far, in grid steps. */
export interface Seen {
  readonly steps: number;
  readonly observedSteps: number;
  /** Steps since the newest value. */
  readonly silentSteps: number;
  /** Forecasts of the next step, and of peaks, that have been compared with what came. */
  readonly residuals: number;
  readonly peakResiduals: number;
}

/**
 * Why there is no forecast yet, or undefined when there is one. A forecast needs two short seasons, half of them observed, and
 * a recent value: `leadSeconds` is how long before the question the newest row was.
 */
export function whyNoForecast(
  seen: Seen,
  { shortSteps, gridSeconds }: Lengths,
  leadSeconds = 0,
): LearningReason | undefined {
  const needed = 2 * shortSteps;
  if (seen.observedSteps < needed / 2 || seen.steps < needed || seen.residuals < enoughResiduals) {
    const message = `has ${inWords(seen.observedSteps * gridSeconds)} of history, a forecast needs ${inWords(needed * gridSeconds)} (two of its shortest season)`;
    return { code: 'insufficient-history', message };
  }
  const patience = shortSteps / 4;
  const silentSteps = seen.silentSteps + leadSeconds / gridSeconds;
  if (silentSteps <= patience) return undefined;
  const message = `has seen no value for ${inWords(silentSteps * gridSeconds)}, a forecast needs one within ${inWords(patience * gridSeconds)}`;
  return { code: 'no-recent-data', message };
}

/** Why there is no bound of a peak yet, or undefined when there is one. */
export function whyNoPeak(seen: Seen, lengths: Lengths, leadSeconds = 0): LearningReason | undefined {
  const reason = whyNoForecast(seen, lengths, leadSeconds);
  if (reason !== undefined || seen.peakResiduals >= enoughResiduals) return reason;
  const message = `has measured ${seen.peakResiduals} peaks, a bound needs ${enoughResiduals}`;
  return { code: 'insufficient-history', message };
}

function inWords(seconds: number): string {
  const days = seconds / 86_400;
  if (days >= 1) return counted(Number(days.toFixed(1)), 'day');
  const hours = seconds / 3600;
  return hours >= 1 ? counted(Number(hours.toFixed(1)), 'hour') : counted(Math.round(seconds), 'second');
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
