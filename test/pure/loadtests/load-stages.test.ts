import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../loadtests/lib/open-model.ts';
import { readSettings } from '../../../loadtests/lib/read-settings.ts';
import { arrivalsOf, ratesOf, type Stages, toStages } from '../../../loadtests/lib/stages.ts';
import { growingStages, spikeStages, steadyStages, weekOf } from '../../../loadtests/lib/wanted-load.ts';
import { isWeekend, weekdayAt } from '../../../loadtests/lib/week.ts';
import { createWorkingWeek } from '../../../src/load-shapes/index.ts';

const milliseconds = ({ stages }: Stages) =>
  stages.reduce((sum, { duration }) => sum + Number(duration.replace(/ms$/, '')), 0);

describe('a shape as stages', () => {
  const spans = fc.record({
    fromSeconds: fc.integer({ min: 0, max: 1_000_000 }),
    seconds: fc.double({ min: 1, max: 604_800, noNaN: true }),
    stageSeconds: fc.double({ min: 0.25, max: 3600, noNaN: true }),
  });
  const rateAt = createWorkingWeek({ peakRequestsPerSecond: 80, seed: 3, daySeconds: 600 });

  it('takes the whole time to the millisecond, in whole rates and no more stages than k6 takes well', () => {
    fc.assert(
      fc.property(spans, (span) => {
        const made = toStages(rateAt, span);
        expect(milliseconds(made)).toBe(Math.round(span.seconds * 1000));
        expect(made.stages.length).toBeLessThanOrEqual(2000);
        expect(made.stages.filter(({ duration }) => !/^\d+ms$/.test(duration))).toEqual([]);
        expect(made.stages.filter(({ target }) => !Number.isInteger(target))).toEqual([]);
      }),
    );
  });

  it('goes through the shape at the end of every stage, to half a request a minute', () => {
    fc.assert(
      fc.property(spans, (span) => {
        const made = toStages(rateAt, span);
        let ms = 0;
        const errors = ratesOf(made).map((rate, index) => {
          const error = Math.abs(rate - rateAt(span.fromSeconds + ms / 1000));
          ms += Number(made.stages[index]?.duration.replace(/ms$/, '') ?? 0);
          return error;
        });
        expect(Math.max(...errors)).toBeLessThanOrEqual(0.5 / 60 + 1e-9);
      }),
    );
  });

  it('makes as many arrivals as the shape has', () => {
    const made = toStages((t) => 10 + t, { fromSeconds: 0, seconds: 20, stageSeconds: 1 });
    expect(arrivalsOf(made)).toBeCloseTo(20 * 10 + 20 ** 2 / 2, 6);
  });

  it('refuses times that are not above 0', () => {
    const span = { fromSeconds: 0, seconds: 1, stageSeconds: 1 };
    expect(() => toStages(rateAt, { ...span, seconds: 0 })).toThrow(/seconds must be above 0, not 0/);
    expect(() => toStages(rateAt, { ...span, stageSeconds: -1 })).toThrow(/stageSeconds .* not -1/);
  });
});

describe('what the scripts want to send', () => {
  it('grows evenly from the base to the peak, and stays there a fifth of the time', () => {
    const { startRate, stages } = growingStages(
      readSettings('basic', { LOAD_PEAK_RPS: '50', LOAD_BASE_RPS: '10', LOAD_SECONDS: '100' }),
    );
    expect([startRate, ...stages.map(({ target }) => target)]).toEqual(
      [10, 20, 30, 40, 50, 50].map((rate) => rate * 60),
    );
  });

  it('spikes from the base to the peak within a twentieth of the time, and comes back', () => {
    const spike = spikeStages(readSettings('spike', { LOAD_PEAK_RPS: '100', LOAD_SECONDS: '200' }));
    const rates = ratesOf(spike);
    expect(rates).toHaveLength(201);
    expect(Math.max(...rates.slice(0, 41))).toBeCloseTo(10, 1);
    expect(Math.min(...rates.slice(50, 100))).toBeCloseTo(100, 1);
    expect(rates.at(-1)).toBeLessThan(14);
    expect(steadyStages(readSettings('soak', {})).stages).toEqual([{ duration: '3600000ms', target: 1200 }]);
  });

  it('is a whole week by default, weekdays at the peak and a quieter weekend', () => {
    const week = weekOf(readSettings('realistic', { LOAD_NOISE: '0' }));
    expect(week.stages.stages).toHaveLength(7 * 24 * 4);
    expect(milliseconds(week.stages)).toBe(1_680_000);
    const rates = ratesOf(week.stages);
    const tops = [0, 1, 2, 3, 4, 5, 6].map((day) => Math.max(...rates.slice(day * 96, (day + 1) * 96)));
    expect(tops.map(Math.round)).toEqual([50, 50, 50, 50, 50, 25, 25]);
    expect(weekdayAt(week.fromSeconds, week.daySeconds)).toBe('monday');
  });

  it('begins on the day and at the hour it is told, in real time too', () => {
    const { fromSeconds, daySeconds, seconds } = weekOf(
      readSettings('realistic', {
        LOAD_WEEK_SECONDS: '604800',
        LOAD_DAYS: '0.5',
        LOAD_START_DAY: 'Saturday',
        LOAD_START_HOUR: '6.5',
      }),
    );
    expect([fromSeconds, daySeconds, seconds]).toEqual([2 * 86_400 + 6.5 * 3600, 86_400, 43_200]);
    expect(isWeekend(weekdayAt(fromSeconds, daySeconds))).toBe(true);
    expect(isWeekend(weekdayAt(fromSeconds + 2 * daySeconds, daySeconds))).toBe(false);
  });

  it('has growth, holidays and a flash sale when it is told', () => {
    const quiet = { LOAD_NOISE: '0', LOAD_DAYS: '14' };
    const plain = ratesOf(weekOf(readSettings('realistic', quiet)).stages);
    const of = (more: object) => ratesOf(weekOf(readSettings('realistic', { ...quiet, ...more })).stages);
    const at = (rates: readonly number[], day: number, hour: number) =>
      rates[(day * 24 + hour) * 4] ?? Number.NaN;

    const grown = of({ LOAD_GROWTH: '0.2' });
    expect(at(grown, 9, 15) / at(grown, 2, 15)).toBeCloseTo(1.2, 2);
    const holiday = of({ LOAD_HOLIDAYS: 'wednesday,friday' });
    expect(at(holiday, 2, 12)).toBe(at(plain, 6, 12));
    expect(at(holiday, 4, 12)).toBe(at(plain, 6, 12));
    expect(at(holiday, 3, 12)).toBe(at(plain, 3, 12));
    expect(at(holiday, 9, 12)).toBe(at(plain, 9, 12));
    const sale = of({ LOAD_FLASH_SALE_HOURS: '20', LOAD_FLASH_SALE_RPS: '30' });
    expect(Math.max(...sale.map((rate, index) => rate - (plain[index] ?? 0)))).toBeCloseTo(30, 1);
    expect(sale.slice(0, 80)).toEqual(plain.slice(0, 80));
    expect(sale[81]).toBeGreaterThan((plain[81] ?? Infinity) + 20);
  });
});

describe('the open model', () => {
  const settings = readSettings('basic', { LOAD_PEAK_RPS: '100', LOAD_SECONDS: '100' });
  const stages = steadyStages(settings);
  const judged = { latency: 'http_req_duration', of: 'a:b', failures: 'http_req_failed', parts: ['part:x'] };

  it('allows what its settings say, and no more', () => {
    const { thresholds, scenarios } = openModel(settings, stages, judged);
    expect(thresholds).toEqual({
      'http_req_duration{a:b}': ['p(95)<500'],
      'http_req_duration{part:x}': ['p(95)<500'],
      http_req_failed: ['rate<0.01'],
      checks: ['rate>0.99'],
      dropped_iterations: ['count<=100'],
    });
    expect(scenarios.load).toMatchObject({
      executor: 'ramping-arrival-rate',
      preAllocatedVUs: 77,
      maxVUs: 505,
    });
  });

  it('never reserves more than the most that may wait', () => {
    const { scenarios } = openModel({ ...settings, maxVus: 3 }, stages, judged);
    expect(scenarios.load).toMatchObject({ preAllocatedVUs: 3, maxVUs: 3 });
  });
});
