import { describe, expect, it } from 'vitest';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';

const step = 300;
const day = 86_400;
/** A Monday. */
const start = 19_002 * day;

/** Demand of 20 … 60 in the first `openHours` of each day and nothing in the rest, from `beginDay` on. */
interface Opening {
  readonly beginDay?: number;
  readonly openHours?: number;
  /** Hours by which the day begins later. */
  readonly lateHours?: number;
  readonly isWeekendClosed?: boolean;
  /** Days during which it is closed, after it has begun. */
  readonly closedDays?: readonly [from: number, until: number];
}

function isOpen(seconds: number, opening: Opening): boolean {
  const {
    beginDay = 0,
    openHours = 12,
    lateHours = 0,
    isWeekendClosed = false,
    closedDays: [from, until] = [0, 0],
  } = opening;
  const days = (seconds - lateHours * 3600) / day;
  if (days < beginDay || (days >= from && days < until)) return false;
  if (isWeekendClosed && Math.floor(days) % 7 >= 5) return false;
  return (days % 1) * 24 < openHours;
}

/** What the forecaster expects 5 to 15 minutes ahead in the middle of each night of the last `watchedDays`. */
function atNight(opening: Opening, days: number, watchedDays = 4) {
  const random = createRandom(3);
  const forecaster = createForecaster({ stepSeconds: step });
  const medians: number[] = [];
  const wakings: number[] = [];
  for (let t = step; t < days * day; t += step) {
    const value = isOpen(t, opening) ? (40 + 20 * Math.sin(t / 7200)) * (0.97 + 0.06 * random()) : 0;
    forecaster.observe(start + t, value);
    if (t < (days - watchedDays) * day || value > 0) continue;
    const opensSoon = isOpen(t + 900, opening);
    const isNextOpen = isOpen(t + step, opening);
    // One step in six, and the last one of each night.
    if (!isNextOpen && (opensSoon || (t / step) % 6 !== 0)) continue;
    const forecast = forecaster.forecast({ horizonSteps: 3, quantiles: [0.5] });
    const highest = forecast.status === 'ok' ? Math.max(...forecast.median) : Number.NaN;
    (isNextOpen ? wakings : medians).push(highest);
  }
  return { medians, wakings };
}

describe('nights and weekends of nothing', () => {
  it.each<[string, Opening, number]>([
    ['from the first day on', {}, 10],
    ['after two weeks of nothing', { beginDay: 14 }, 26],
    ['that are short', { beginDay: 14, openHours: 16 }, 26],
    ['that are long', { beginDay: 14, openHours: 8 }, 26],
    ['that begin at seven in the evening', { beginDay: 14, lateHours: 7 }, 26],
    ['after a week of closure', { closedDays: [10, 17] }, 25],
    ['after two weeks of closure', { closedDays: [10, 24] }, 32],
    ['with weekends', { beginDay: 7, isWeekendClosed: true }, 28],
  ])('%s are learned within days', (_name, opening, days) => {
    const { medians, wakings } = atNight(opening, days);
    expect(medians.length).toBeGreaterThan(30);
    // Less than a hundredth of the day's peak, in at least 95 % of the minutes of nothing.
    expect(medians.filter((median) => !(median < 0.6)).length / medians.length).toBeLessThan(0.05);
    // Above noise, a thousandth of a usual threshold, so that the workload is woken before demand comes.
    expect(Math.min(...wakings)).toBeGreaterThan(0.05);
  });

  it('are learned where demand was there all day for weeks', () => {
    const opening = { openHours: 24 };
    const random = createRandom(4);
    const forecaster = createForecaster({ stepSeconds: step });
    let highest = 0;
    for (let t = step; t < 26 * day; t += step) {
      const isNight = t >= 20 * day && !isOpen(t, { openHours: 12 });
      forecaster.observe(start + t, isNight || !isOpen(t, opening) ? 0 : 40 + 4 * random());
      const midNight = (t % day) / 3600 > 13 && (t % day) / 3600 < 23;
      if (t < 24 * day || !midNight) continue;
      const forecast = forecaster.forecast({ horizonSteps: 1, quantiles: [0.5] });
      highest = Math.max(highest, forecast.status === 'ok' ? (forecast.median[0] ?? 0) : 0);
    }
    expect(highest).toBeLessThan(0.6);
  });

  it('are no outages, but an outage by day still is: the next day is expected as usual', () => {
    const random = createRandom(5);
    const forecaster = createForecaster({ stepSeconds: step });
    const isOut = (t: number) => t >= 15 * day + 4 * 3600 && t < 15 * day + 7 * 3600;
    for (let t = step; t < 16 * day + 5 * 3600; t += step) {
      forecaster.observe(start + t, isOpen(t, {}) && !isOut(t) ? 40 + 4 * random() : 0);
    }
    const forecast = forecaster.forecast({ horizonSteps: 3, quantiles: [0.5] });
    expect(forecast.status === 'ok' && Math.min(...forecast.median)).toBeGreaterThan(36);
  });
});
