import { expect, it } from 'vitest';
import { dateOf } from '../../../../src/forecast/archived/dates.ts';
import { createSeriesEffects } from '../../../../src/forecast/archived/series-effects.ts';
import { seeded } from '../../history/archive/made-demand.ts';

const hour = 3_600;
const startSeconds = Date.parse('2025-01-01T00:00Z') / 1000;

/** An archive of hours in which demand is 1.6 times the usual on the last day of each month. */
function archiveUntil(endSeconds: number) {
  const chance = seeded(5);
  const all = Array.from({ length: (endSeconds - startSeconds) / hour }, (_, index) => {
    const atSeconds = startSeconds + (index + 1) * hour;
    const day = dateOf(Math.floor((atSeconds - 1) / 86_400));
    const mean =
      50 * (day.weekday % 6 === 0 ? 0.7 : 1) * (day.isLastOfMonth ? 1.6 : 1) * (0.95 + 0.1 * chance());
    return { atSeconds, mean, peak: mean, rows: 1, isCensored: false };
  });
  let reads = 0;
  return {
    reads: () => reads,
    oldestSeconds: () => all[0]?.atSeconds,
    read: async (fromSeconds: number, toSeconds: number) => {
      reads++;
      return all.filter(({ atSeconds }) => atSeconds > fromSeconds && atSeconds <= toSeconds);
    },
  };
}
const at = (text: string) => Date.parse(text) / 1000;

it('finds what the archive shows, once a month, and keeps the list where it is the same', async () => {
  const archive = archiveUntil(at('2025-09-20T00:00Z'));
  const effects = createSeriesEffects(archive, { lengthSeconds: hour, timeZone: undefined });
  expect(effects.events()).toEqual([]);
  expect(effects.isDue(at('2025-09-20T12:00Z'))).toBe(true);
  await effects.renew(at('2025-09-20T12:00Z'));
  const found = effects.events();
  expect(found.map(({ startSeconds: start }) => new Date(1000 * start).toISOString().slice(0, 10))).toEqual([
    '2025-07-31',
    '2025-08-31',
    '2025-09-30',
    '2025-10-31',
  ]);
  expect(found[0]?.ratio).toBeCloseTo(1.6, 1);
  // Each part is short enough for one turn of the event loop.
  expect(archive.reads()).toBeGreaterThan(10);
  expect(effects.isDue(at('2025-09-29T12:00Z'))).toBe(false);
  await effects.renew(at('2025-09-29T12:00Z'));
  expect(effects.events()).toBe(found);
  expect(effects.isDue(at('2025-10-01T12:00Z'))).toBe(true);
  await effects.renew(at('2025-10-01T12:00Z'));
  expect(effects.events()).not.toBe(found);
});

it('is not due while it is not known how far the archive reaches', async () => {
  const archive = archiveUntil(at('2025-09-20T00:00Z'));
  const effects = createSeriesEffects(
    { ...archive, oldestSeconds: () => undefined },
    { lengthSeconds: hour, timeZone: 'Europe/Berlin' },
  );
  expect(effects.isDue(at('2025-09-20T12:00Z'))).toBe(false);
});
