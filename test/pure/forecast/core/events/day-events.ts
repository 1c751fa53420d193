import type { CalendarEvent, EventEffect, Forecaster } from '../../../../../src/forecast/core/contract.ts';
import { createForecaster } from '../../../../../src/forecast/core/forecaster.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

export const hour = 3600;
export const day = 86_400;

/** A day of the series, counted from its first; unix 0 is a Thursday, so that day 4 is a Monday. */
export function dayEvent(number: number, effect: EventEffect, kind = 'holiday'): CalendarEvent {
  return { startSeconds: number * day, endSeconds: (number + 1) * day, kind, name: `day ${number}`, effect };
}

/** A forecaster of hourly rows after so many days of a series. */
export function learned(
  days: number,
  valueAt: (unixSeconds: number) => number,
  events?: readonly CalendarEvent[],
): Forecaster {
  const forecaster = createForecaster({ stepSeconds: hour, events }, createScratch());
  for (let t = hour; t <= days * day; t += hour) forecaster.observe(t, valueAt(t));
  return forecaster;
}

/** Medians and bounds at 0.95 of the next steps. */
export function pathOf(forecaster: Forecaster, horizonSteps = 24) {
  const forecast = forecaster.forecast({ horizonSteps, quantiles: [0.5, 0.95] });
  if (forecast.status !== 'ok') throw new Error('has learned too little');
  return { median: [...forecast.median], bound: [...(forecast.quantiles['0.95'] ?? [])] };
}

export const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** How many times each of some numbers is the one beside it. */
export const ratiosOf = (numbers: readonly number[], others: readonly number[]) =>
  numbers.map((number, i) => number / (others[i] ?? Number.NaN));
