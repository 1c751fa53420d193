import { afterAll, describe, expect, it } from 'vitest';
import { horizonsOn } from '../../../bench/horizons.ts';
import { askOpponent } from '../../../bench/opponents/ask-opponent.ts';
import type { Opponent } from '../../../bench/opponents/contract.ts';
import { streamOpponent } from '../../../bench/opponents/stream.ts';
import { opponents } from '../../../bench/opponents/table.ts';
import { seasonsWithin, spreadOver, windowBefore, withoutGaps } from '../../../bench/opponents/window.ts';
import { createWindowLane } from '../../../bench/opponents/window-lane.ts';
import { readTrace } from '../../../bench/replay/trace.ts';
import { originsOf } from '../../../bench/replay/trace-replay.ts';
import { scoreRatio } from '../../../bench/scores/score-ratio.ts';
import { truthAt } from '../../../bench/scores/truth.ts';
import { calendarOf } from '../../../src/what-if/models/index.ts';
import { whyNoLongForm } from '../../support/long-form.ts';
import { tracePath } from '../../support/traces.ts';

/** Half-hour steps keep the slow ones quick. */
const calendar = calendarOf(1800);
const { daySteps, weekSteps } = calendar;
const day = (index: number) => 100 + 50 * Math.sin((2 * Math.PI * index) / daySteps);
const threeWeeks = Float64Array.from({ length: 3 * weekSteps }, (_, i) => day(i) + (i % 7));
const horizonsSeconds = [1800, 3600, 86_400];

/** Slow opponents fit for half a minute of both cores: `make test` asks one of them, for how they are asked. */
const alwaysAsked = 'augurs-mstl';

const entries = Object.entries<Opponent>(opponents);
const streaming = entries.flatMap(([name, one]) => (one.kind === 'streaming' ? [{ name, one }] : []));
const slow = await Promise.all(
  entries.flatMap(([name, one]) => (one.kind === 'window' ? [withReason(name, one)] : [])),
);
const threeHours = 10_800;
const none = new Float64Array();

/** A slow opponent and the reason why it does not run here, which the names of its tests say. */
async function withReason(name: string, one: Extract<Opponent, { kind: 'window' }>) {
  const reason = (await one.unavailable()) ?? (name === alwaysAsked ? undefined : whyNoLongForm);
  return { name, reason, title: reason === undefined ? name : `${name} (skipped: ${reason})` };
}

describe.each(streaming)('$name', ({ one }) => {
  const origins = Int32Array.of(2 * weekSteps, 2 * weekSteps + 7, 3 * weekSteps - 1);
  const answers = (values: Float64Array) =>
    streamOpponent(one, { firstSeconds: 0, stepSeconds: 1800, values }, origins, horizonsSeconds);

  it('answers everything after two weeks, with values that demand can have', () => {
    const all = answers(threeWeeks).flatMap((path) => [...path]);
    expect(all).toHaveLength(9);
    expect(all.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  });

  it('does not depend on values after the origin', () => {
    const cut = 2 * weekSteps + 7;
    const changed = threeWeeks.map((value, i) => (i > cut ? 9999 : value));
    const untilCut = (paths: Float64Array[]) => paths.map((path) => [...path.slice(0, 2)]);
    expect(untilCut(answers(changed))).toEqual(untilCut(answers(threeWeeks)));
  });

  it('is good at what is the same every day, but for persistence', () => {
    const periodic = Float64Array.from({ length: 3 * weekSteps }, (_, i) => day(i));
    const [soon] = answers(periodic);
    const misses = [...origins].map((origin, i) => Math.abs((soon?.[i] ?? 0) - day(origin + 1)));
    expect(Math.max(...misses)).toBeLessThan(7);
  });

  it('gives the same answers again and leaves its values as they were', () => {
    const values = Float64Array.from(threeWeeks);
    expect(answers(values)).toEqual(answers(values));
    expect(values).toEqual(threeWeeks);
  });

  it('goes on after a gap', () => {
    const gappy = threeWeeks.map((value, i) => (i > 500 && i < 520 ? Number.NaN : value));
    const last = answers(gappy).map((path) => path[2] ?? Number.NaN);
    expect(last.every(Number.isFinite)).toBe(true);
  });
});

describe('the naives', () => {
  const at = (
    name: 'persistence' | 'daily-naive' | 'weekly-naive' | 'seven-day-mean' | 'week-window-maximum',
    steps: number,
  ) => {
    const opponent: Opponent = opponents[name];
    if (opponent.kind !== 'streaming') return Number.NaN;
    const model = opponent.create(calendar);
    for (let i = 0; i < 3 * weekSteps; i++) model.observe(i);
    return model.at(steps);
  };
  const newest = 3 * weekSteps - 1;

  it('say the value that they are named after', () => {
    expect(at('persistence', 5)).toBe(newest);
    expect(at('daily-naive', 5)).toBe(newest + 5 - daySteps);
    expect(at('daily-naive', daySteps)).toBe(newest);
    expect(at('daily-naive', daySteps + 1)).toBe(newest + 1 - daySteps);
    expect(at('weekly-naive', 5)).toBe(newest + 5 - weekSteps);
    expect(at('seven-day-mean', 5)).toBe(newest + 5 - 4 * daySteps);
    expect(at('week-window-maximum', 5)).toBe(newest + 5 - weekSteps);
  });
});

for (const { name, title, reason } of slow)
  describe.skipIf(reason !== undefined)(title, () => {
    const lane = createWindowLane();
    afterAll(() => lane.close());

    it('answers a task from the other thread', async () => {
      const grid = { firstSeconds: 1_767_571_200, stepSeconds: 1800, values: threeWeeks };
      const tasks = [
        windowBefore(grid, threeWeeks.length - 1, daySteps),
        windowBefore(grid, daySteps, daySteps),
      ];
      const [answer, tooShort] = await lane.ask({ opponent: name, tasks, calendar });
      expect(answer?.path).toHaveLength(daySteps);
      expect(answer?.milliseconds).toBeGreaterThan(0);
      const misses = Array.from(answer?.path ?? [], (value, h) =>
        Math.abs(value - day(threeWeeks.length + h)),
      );
      expect(Math.max(...misses)).toBeLessThan(20);
      if (name !== 'prophet') expect(tooShort?.path).toBeUndefined();
    });

    it('errs less than persistence on demand with a day and a week', async () => {
      const trace = await readTrace(tracePath('demand-nyc-taxi-a-30m') ?? '');
      const origins = originsOf(trace, 1);
      const options = { lane, originsAtMost: 12 };
      const theirs = await askOpponent(name, trace, origins, options);
      const persistence = await askOpponent('persistence', trace, origins, options);
      const horizons = horizonsOn(trace.grid.stepSeconds);
      const [own = none, other = none] = [theirs, persistence].map(
        ({ paths }) => paths[horizons.indexOf(threeHours)],
      );
      const truth = truthAt(trace.grid, origins, threeHours / trace.grid.stepSeconds);
      expect(scoreRatio(truth, own, other, 6)?.ratio).toBeLessThan(0.8);
    });
  });

describe('the lane of the slow opponents', () => {
  it('says what went wrong, and answers the next question', async () => {
    const lane = createWindowLane();
    try {
      await expect(lane.ask({ opponent: 'persistence', tasks: [], calendar })).rejects.toThrow(
        'no slow opponent',
      );
      await expect(lane.ask({ opponent: 'augurs-mstl', tasks: [], calendar })).resolves.toEqual([]);
    } finally {
      await lane.close();
    }
  });
});

describe('the window of a slow opponent', () => {
  it('bridges gaps by straight lines and repeats the nearest value at the ends', () => {
    const none = Number.NaN;
    expect([...withoutGaps(Float64Array.of(none, 2, none, none, 5, none))]).toEqual([2, 2, 3, 4, 5, 5]);
  });

  it('ends at the origin and is at most four weeks long', () => {
    const grid = {
      firstSeconds: 0,
      stepSeconds: 3600,
      values: Float64Array.from({ length: 1000 }, (_, i) => i),
    };
    const window = windowBefore(grid, 900, 24);
    expect([window.values[0], window.values.at(-1), window.values.length]).toEqual([229, 900, 672]);
    expect(window.firstSeconds).toBe(229 * 3600);
  });

  it('has the seasons that fit twice into it', () => {
    expect(seasonsWithin(2 * daySteps - 1, calendar)).toEqual([]);
    expect(seasonsWithin(2 * weekSteps - 1, calendar)).toEqual([daySteps]);
    expect(seasonsWithin(2 * weekSteps, calendar)).toEqual([daySteps, weekSteps]);
  });

  it('is asked for at origins that meet every hour of the day', () => {
    const chosen = spreadOver(4032, 60, 288);
    expect(chosen).toHaveLength(60);
    expect(Math.max(...chosen)).toBeLessThan(4032);
    expect(new Set(chosen.map((index) => Math.floor((index % 288) / 12))).size).toBe(24);
    expect(spreadOver(5, 60, 288)).toEqual([0, 1, 2, 3, 4]);
  });
});
