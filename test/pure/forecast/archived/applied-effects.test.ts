import { describe, expect, it } from 'vitest';
import { withEffects } from '../../../../src/forecast/archived/applied-effects.ts';
import { dateOf } from '../../../../src/forecast/archived/dates.ts';
import { createDaySums, createLocalDays } from '../../../../src/forecast/archived/days.ts';
import { effectEvents } from '../../../../src/forecast/archived/effect-events.ts';
import type { CalendarEvent } from '../../../../src/forecast/core/contract.ts';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { createDemandModel } from '../../../../src/forecast/demand-model.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { seeded } from '../../history/archive/made-demand.ts';

const hour = 3600;
const day = 86_400;
const secondsOf = (text: string) => Date.parse(`${text}T00:00Z`) / 1000;
const from = secondsOf('2025-01-01');
/** The last day of the thirteenth month. */
const lastDay = secondsOf('2026-01-31');

/** Hours of 13 months: weeks, days, noise, and so many times the demand on the last of each month. */
function madeHours(seed: number, ratio: number) {
  const chance = seeded(seed);
  return Array.from({ length: (lastDay + day - from) / hour }, (_, index) => {
    const atSeconds = from + (index + 1) * hour;
    const date = dateOf(Math.floor((atSeconds - hour / 2) / day));
    const week = [0.6, 1, 1.1, 1.1, 1, 0.9, 0.7][date.weekday] ?? 1;
    const ofDay = 1 + 0.6 * Math.sin((2 * Math.PI * (index % 24)) / 24);
    const noise = 1 + 0.1 * (chance() - 0.5);
    return { atSeconds, mean: 200 * week * ofDay * noise * (date.isLastOfMonth ? ratio : 1) };
  });
}

function effectsOf(hours: ReturnType<typeof madeHours>) {
  const days = createLocalDays();
  const sums = createDaySums(hour, days);
  sums.add(hours);
  return effectEvents(sums.days(), lastDay - hour, days);
}

/** Medians and bounds of the last day, from its midnight, after six weeks. */
function forecastOf(hours: ReturnType<typeof madeHours>, events: readonly CalendarEvent[]) {
  const forecaster = createForecaster({ stepSeconds: hour, events });
  for (const { atSeconds, mean } of hours)
    if (atSeconds > lastDay - 42 * day && atSeconds <= lastDay) forecaster.observe(atSeconds, mean);
  const forecast = forecaster.forecast({ horizonSteps: 24, quantiles: [0.5, 0.95] });
  if (forecast.status !== 'ok') throw new Error('has learned too little');
  const truth = hours.slice(-24).map(({ mean }) => mean);
  const error = truth.reduce((sum, value, i) => sum + Math.abs(value - (forecast.median[i] ?? 0)), 0);
  return { forecast, error: error / truth.reduce((sum, value) => sum + value, 0) };
}

describe('effects that 13 months show', () => {
  it('raise the forecast of the next such day to what it was', () => {
    const hours = madeHours(1, 1.6);
    const events = withEffects([], effectsOf(hours));
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['month-end']));
    const [plain, known] = [forecastOf(hours, []), forecastOf(hours, events)];
    expect(plain.error).toBeGreaterThan(0.25);
    expect(known.error).toBeLessThan(0.1);
    known.forecast.quantiles['0.95']?.forEach((bound, i) => {
      expect(bound).toBeGreaterThan(1.3 * (plain.forecast.quantiles['0.95']?.[i] ?? Number.NaN));
    });
  });

  it('are none, and change nothing, where ends of months are like other days', () => {
    for (const seed of [2, 3, 4]) {
      const calendar: CalendarEvent[] = [];
      expect(withEffects(calendar, effectsOf(madeHours(seed, 1)))).toBe(calendar);
    }
  });

  it('leave days alone that a calendar says something of', () => {
    const [effect] = effectsOf(madeHours(5, 1.6));
    if (effect === undefined) throw new Error('no effect was found');
    const own: CalendarEvent = {
      startSeconds: effect.startSeconds + hour,
      endSeconds: effect.startSeconds + 2 * hour,
      kind: 'sale',
      name: 'sale',
      effect: { type: 'learned' },
    };
    expect(withEffects([own], [effect])).toEqual([own]);
  });

  it('are learned with by the model of a workload whose archive shows them', async () => {
    const hours = madeHours(6, 1.6);
    const forecasts = await Promise.all(
      [true, false].map((isArchived) => forecastOfModel(hours, isArchived)),
    );
    const [known, plain] = forecasts.map((bounds) => bounds.reduce((sum, bound) => sum + bound, 0));
    expect(known).toBeGreaterThan(1.3 * (plain ?? Number.NaN));
  });
});

/** Medians of the last day from its midnight by a model, with an archive of all hours or without. */
async function forecastOfModel(hours: ReturnType<typeof madeHours>, isArchived: boolean) {
  const { signal } = new AbortController();
  const within = (fromSeconds: number, toSeconds: number) =>
    hours.filter(({ atSeconds }) => atSeconds > fromSeconds && atSeconds <= toSeconds);
  const model = createDemandModel(
    {
      query: 'demand',
      replicasQuery: undefined,
      emptyIsZero: false,
      stepSeconds: hour,
      historySeconds: 42 * day,
      model: {},
    },
    {
      name: 'fake',
      source: {
        range: async ({ startSeconds, endSeconds }) => {
          const rows = within(startSeconds - 1, endSeconds);
          const timestamps = Float64Array.from(rows, ({ atSeconds }) => atSeconds);
          const values = Float64Array.from(rows, ({ mean }) => mean);
          return { stepSeconds: hour, timestamps, values, warnings: [] };
        },
        instant: async () => ({ kind: 'missing', reason: 'none', isEmpty: true }),
        rateWindowSeconds: () => 60,
      },
    },
    {
      freshSeconds: 15,
      clock: () => lastDay,
      log: silentLogger,
      onRefresh: () => undefined,
      archive: isArchived
        ? {
            note: () => undefined,
            read: async (fromSeconds, toSeconds) =>
              within(fromSeconds, toSeconds).map((row) => ({
                ...row,
                peak: row.mean,
                rows: 1,
                isCensored: false,
              })),
            oldestSeconds: () => from + hour,
          }
        : undefined,
    },
  );
  await model.refreshHistory(lastDay + hour, signal);
  await model.effects?.renew(lastDay);
  await expect
    .poll(async () => {
      await model.refreshHistory(lastDay + hour, signal);
      return model.hasOtherEvents() ? 'others' : model.forecast({ horizonSteps: 24 }).status;
    })
    .toBe('ok');
  const forecast = model.forecast({ horizonSteps: 24 });
  return forecast.status === 'ok' ? [...forecast.median] : [];
}
