import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RangeReader, RangeRequest } from '../../../src/history/source.ts';
import { createHistoryTail } from '../../../src/history/tail.ts';

/** A source with a row at every step except the missing ones; a test can make it fail. */
function source(options: { missing?: (t: number) => boolean; fails?: () => boolean } = {}) {
  const asked: RangeRequest[] = [];
  const fake: RangeReader & { readonly asked: RangeRequest[] } = {
    asked,
    async range(request) {
      asked.push(request);
      if (options.fails?.() === true) throw new Error('down');
      const { startSeconds, endSeconds, stepSeconds } = request;
      const timestamps: number[] = [];
      for (let t = startSeconds; t <= endSeconds; t += stepSeconds) {
        if (options.missing?.(t) !== true) timestamps.push(t);
      }
      const rows = Float64Array.from(timestamps);
      return { stepSeconds, timestamps: rows, values: rows.map((t) => t * 2), warnings: [] };
    },
  };
  return fake;
}

const hour = { query: 'q', stepSeconds: 60, windowSeconds: 3600 };

it('loads the whole window of settled rows first, then only new ones', async () => {
  const fake = source();
  const tail = createHistoryTail({ source: fake, ...hour });
  const first = await tail.read(10_000);
  expect([first.timestamps[0], first.timestamps.at(-1)]).toEqual([6240, 9900]);
  expect(Array.from((await tail.read(10_100)).timestamps)).toEqual([9960, 10_020]);
  expect(fake.asked.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [6240, 9900],
    [9960, 10_020],
  ]);
});

it('asks for nothing while nothing is new, nor when the clock goes back', async () => {
  const fake = source();
  const tail = createHistoryTail({ source: fake, ...hour });
  await tail.read(10_000);
  expect((await tail.read(10_010)).timestamps).toHaveLength(0);
  expect((await tail.read(5_000)).timestamps).toHaveLength(0);
  expect(fake.asked).toHaveLength(1);
});

it('asks again for what a clock that was ahead asked for too early', async () => {
  let present = 10_000;
  const tail = createHistoryTail({ source: source({ missing: (t) => t > present }), ...hour });
  await tail.read(10_000);
  expect((await tail.read(96_400)).timestamps).toHaveLength(0);
  present = 10_200;
  expect(Array.from((await tail.read(10_200)).timestamps)).toEqual([9960, 10_020, 10_080, 10_140]);
});

it('waits until rows are settled', async () => {
  const tail = createHistoryTail({ source: source(), ...hour, settleSeconds: 150 });
  expect((await tail.read(10_000)).timestamps.at(-1)).toBe(9840);
});

it('counts steps without a row', async () => {
  const tail = createHistoryTail({ source: source({ missing: (t) => t >= 9000 && t < 9300 }), ...hour });
  expect((await tail.read(10_000)).missingRows).toBe(5);
  expect((await tail.read(10_060)).missingRows).toBe(0);
});

it('reads at most the window again after a long sleep', async () => {
  const tail = createHistoryTail({ source: source(), ...hour });
  await tail.read(10_000);
  const later = await tail.read(1_000_000);
  expect(later.timestamps[0]).toBe(Math.floor((999_900 - 3600) / 240) * 240);
});

it('begins at the same row for replicas that start one after the other, and reaches a fourteenth farther at most', async () => {
  const weeks = { query: 'q', stepSeconds: 300, windowSeconds: 28 * 86_400 };
  const begins: number[] = [];
  for (let opened = 1_800_000_000; opened < 1_800_000_000 + 86_400; opened += 3 * 3600) {
    const { timestamps } = await createHistoryTail({ source: source(), ...weeks }).read(opened);
    const [begin = Number.NaN] = timestamps;
    expect(opened - begin).toBeGreaterThanOrEqual(28 * 86_400);
    expect(opened - begin).toBeLessThanOrEqual(30 * 86_400 + 600);
    begins.push(begin);
  }
  expect(begins).toHaveLength(8);
  expect(new Set(begins).size).toBeLessThanOrEqual(2);
});

it('gives every settled row exactly once, whatever fails and however the clock goes', async () => {
  const turn = fc.record({ advance: fc.integer({ min: -300, max: 900 }), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 30 }), async (turns) => {
      let fails = false;
      const tail = createHistoryTail({
        source: source({ fails: () => fails }),
        ...hour,
        windowSeconds: 30_000,
      });
      const seen: number[] = [];
      let now = 100_000;
      let newestRead = Number.NEGATIVE_INFINITY;
      for (const { advance, fails: failsNow } of [{ advance: 0, fails: false }, ...turns]) {
        now += advance;
        fails = failsNow;
        const fresh = await tail.read(now).catch(() => undefined);
        seen.push(...(fresh?.timestamps ?? []));
        if (fresh !== undefined) newestRead = Math.max(newestRead, now);
      }
      // A fourteenth of the window, in whole steps, is 2100 seconds.
      const first = Math.floor((99_900 - 30_000) / 2100) * 2100;
      const last = Math.floor((newestRead - 60) / 60) * 60;
      expect(seen).toEqual(Array.from({ length: (last - first) / 60 + 1 }, (_, index) => first + index * 60));
    }),
  );
});
