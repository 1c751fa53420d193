import { createTraffic, type LoadShape, withFlashSale } from '../../src/load-shapes/index.ts';
import type { LoadSettings } from './read-settings.ts';
import { type Stages, toStages } from './stages.ts';
import { weekdayAt, weekdays } from './week.ts';

// The load that each script wants to send, as stages. Times begin at 0, except those of the week.

/** Length of a stage that is short enough for linear stages to look like a curve. */
const fineStageSeconds = 0.25;
const smoothSteps = 200;

/** A constant load at the peak. */
export function steadyStages({ peakRps, seconds }: LoadSettings): Stages {
  return toStages(() => peakRps, { fromSeconds: 0, seconds, stageSeconds: seconds });
}

/** A linear rise from the base to the peak within four fifths of the time, then the peak. */
export function growingStages(settings: LoadSettings): Stages {
  const { peakRps, seconds } = settings;
  const base = baseOf(settings);
  const rampSeconds = seconds * 0.8;
  const rateAt: LoadShape = (t) => base + (peakRps - base) * Math.min(1, t / rampSeconds);
  return toStages(rateAt, { fromSeconds: 0, seconds, stageSeconds: seconds / 5 });
}

/**
 * The base for a fifth of the time, a rush to the peak within a twentieth, the peak for a quarter, and an exponential decay for
 * the rest.
 */
export function spikeStages(settings: LoadSettings): Stages {
  const { peakRps, seconds } = settings;
  const base = baseOf(settings);
  const rateAt = withFlashSale(() => base, {
    atSeconds: seconds * 0.2,
    extraRequestsPerSecond: peakRps - base,
    rampSeconds: seconds * 0.05,
    holdSeconds: seconds * 0.25,
    decaySeconds: seconds * 0.1,
  });
  return toStages(rateAt, {
    fromSeconds: 0,
    seconds,
    stageSeconds: Math.max(fineStageSeconds, seconds / smoothSteps),
  });
}

/** A part of simulated working weeks, whose days are as short as the settings say. */
export interface Week {
  readonly daySeconds: number;
  /** Beginning in the time of the shape, whose day 0 is a Thursday. */
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly stages: Stages;
}

export function weekOf(settings: LoadSettings): Week {
  const { peakRps, seed, weekendRatio, noiseRatio, growthPerWeek, flashSaleHours } = settings;
  const daySeconds = settings.weekSeconds / 7;
  const hourSeconds = daySeconds / 24;
  const seconds = settings.days * daySeconds;
  const fromSeconds = weekdays.indexOf(settings.startDay) * daySeconds + settings.startHour * hourSeconds;
  const rateAt = createTraffic({
    peakRequestsPerSecond: peakRps,
    baseRequestsPerSecond: baseOf(settings),
    weekendRatio,
    noiseRatio,
    seed,
    daySeconds,
    growth: { ratioPerWeek: growthPerWeek, fromSeconds },
    holidays: holidayTimes(settings, fromSeconds, daySeconds),
    flashSales:
      flashSaleHours === undefined
        ? []
        : [
            {
              atSeconds: fromSeconds + flashSaleHours * hourSeconds,
              extraRequestsPerSecond: settings.flashSaleRps ?? peakRps,
              rampSeconds: hourSeconds / 12,
              holdSeconds: hourSeconds / 4,
              decaySeconds: hourSeconds / 2,
            },
          ],
  });
  const stageSeconds = Math.max(fineStageSeconds, hourSeconds / 4);
  return {
    daySeconds,
    fromSeconds,
    seconds,
    stages: toStages(rateAt, { fromSeconds, seconds, stageSeconds }),
  };
}

/** Times of the holidays: the first day of each given weekday name from the beginning on. */
function holidayTimes(
  { holidays = [] }: LoadSettings,
  fromSeconds: number,
  daySeconds: number,
): readonly number[] {
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => fromSeconds + day * daySeconds);
  return holidays.flatMap((name) => days.filter((at) => weekdayAt(at, daySeconds) === name));
}

function baseOf({ baseRps, peakRps }: LoadSettings): number {
  return baseRps ?? peakRps / 10;
}
