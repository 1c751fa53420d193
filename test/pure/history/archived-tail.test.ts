import { describe, expect, it } from 'vitest';
import { createForecaster } from '../../../src/forecast/index.ts';
import { archivedTail, type SeriesArchive } from '../../../src/history/archive/archived-tail.ts';
import type { RollUp } from '../../../src/history/archive/roll-ups/roll-up.ts';
import { decodeRollUps, encodeRollUps } from '../../../src/history/archive/roll-ups/roll-up-chunk.ts';
import type { RangeReader } from '../../../src/history/source.ts';
import { createHistoryTail, type HistoryTail } from '../../../src/history/tail.ts';
import { seeded } from './archive/made-demand.ts';

const daySeconds = 86_400;
const stepSeconds = 60;
const windowSeconds = 14 * daySeconds;
/** A multiple of the day at which histories of two weeks begin. */
const endSeconds = 20_460 * daySeconds;

/** Demand of a minute: days, weeks and noise, the same for whoever asks. */
function demandAt(atSeconds: number): number {
  const day = 1 + 0.6 * Math.sin((2 * Math.PI * atSeconds) / daySeconds);
  const week = (atSeconds / daySeconds) % 7 < 5 ? 1 : 0.6;
  return 120 * day * week * (1 + 0.08 * (seeded(1 + (atSeconds % 1_000_003))() - 0.5));
}

/** A source that keeps rows from a moment on. */
function sourceFrom(oldestSeconds: number): RangeReader {
  return {
    async range({ startSeconds, endSeconds: until }) {
      const first = Math.max(startSeconds, Math.ceil(oldestSeconds / stepSeconds) * stepSeconds);
      const count = Math.max(0, Math.floor((until - first) / stepSeconds) + 1);
      const timestamps = Float64Array.from({ length: count }, (_, index) => first + index * stepSeconds);
      return { stepSeconds, timestamps, values: timestamps.map(demandAt), warnings: [] };
    },
  };
}

/** An archive that keeps what a file would. */
function memoryArchive(): SeriesArchive & { readonly all: RollUp[] } {
  const all: RollUp[] = [];
  return {
    all,
    note: (rollUps) => {
      for (let from = 0; from < rollUps.length; from += 1_024) {
        all.push(...decodeRollUps(encodeRollUps(rollUps.slice(from, from + 1_024), 300)));
      }
    },
    oldestSeconds: () => all[0]?.atSeconds,
    read: async (fromSeconds, toSeconds) =>
      all.filter(({ atSeconds }) => atSeconds > fromSeconds && atSeconds <= toSeconds),
  };
}

const tailOf = (oldestSeconds: number) =>
  createHistoryTail({ source: sourceFrom(oldestSeconds), query: 'q', stepSeconds, windowSeconds });

/** A forecaster that learned all that a tail gives up to a moment. */
async function learned(tail: HistoryTail, nowSeconds: number) {
  const forecaster = createForecaster({ stepSeconds });
  const times: number[] = [];
  for (let isComplete = false; !isComplete; ) {
    const part = await tail.read(nowSeconds);
    for (const [index, at] of part.timestamps.entries()) {
      times.push(at);
      forecaster.observe(at, part.values[index] ?? Number.NaN, part.isCensored?.[index] === 1);
    }
    isComplete = part.isComplete;
  }
  return { forecaster, times };
}

function peakOf({ forecaster }: Awaited<ReturnType<typeof learned>>): number {
  const peak = forecaster.peak({ windowSeconds: 420, quantiles: [0.99] });
  return peak.status === 'ok' ? (peak.bounds[0] ?? Number.NaN) : Number.NaN;
}

describe('a history with an archive', () => {
  it('begins in the archive where the source has forgotten, at the moment at which it would have begun', async () => {
    const archive = memoryArchive();
    const before = archivedTail(tailOf(0), archive, { stepSeconds });
    await learned(before, endSeconds - 5 * daySeconds);
    const retained = endSeconds - 8 * daySeconds - 123;
    const { times } = await learned(archivedTail(tailOf(retained), archive, { stepSeconds }), endSeconds);
    const whole = await learned(tailOf(0), endSeconds);
    expect(times.length).toBeGreaterThan(whole.times.length - 10);
    expect(times[0]).toBe((whole.times[0] ?? 0) + stepSeconds);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(whole.times.at(-1));
    expect((await learned(tailOf(retained), endSeconds)).times.length).toBeLessThan(0.6 * whole.times.length);
  });

  it('forecasts within 1 % of one whose source has forgotten nothing', async () => {
    const archive = memoryArchive();
    await learned(archivedTail(tailOf(0), archive, { stepSeconds }), endSeconds - 5 * daySeconds);
    const retained = endSeconds - 8 * daySeconds - 123;
    const restarted = await learned(archivedTail(tailOf(retained), archive, { stepSeconds }), endSeconds);
    const whole = peakOf(await learned(tailOf(0), endSeconds));
    expect(Math.abs(peakOf(restarted) / whole - 1)).toBeLessThan(0.01);
  });

  it('is answered alike by replicas with the same archive that started at different times', async () => {
    const archive = memoryArchive();
    await learned(archivedTail(tailOf(0), archive, { stepSeconds }), endSeconds - 3 * daySeconds);
    const started = async (secondsAgo: number) => {
      const at = endSeconds - secondsAgo;
      const tail = archivedTail(tailOf(at - 6 * daySeconds), archive, { stepSeconds });
      const { forecaster } = await learned(tail, at);
      const { timestamps, values } = await tail.read(endSeconds);
      for (const [index, time] of timestamps.entries()) forecaster.observe(time, values[index] ?? Number.NaN);
      return peakOf({ forecaster, times: [] });
    };
    const [one, other] = [await started(7_777), await started(600)];
    expect(Math.abs(one / other - 1)).toBeLessThan(0.005);
  });

  it('is what the source has where the archive has nothing', async () => {
    const retained = endSeconds - 5 * daySeconds;
    const { times } = await learned(
      archivedTail(tailOf(retained), memoryArchive(), { stepSeconds }),
      endSeconds,
    );
    expect(times).toEqual((await learned(tailOf(retained), endSeconds)).times);
  });

  it('asks the archive for nothing where the source has it all, nor in the middle of its rows', async () => {
    const asked: number[] = [];
    const archive: SeriesArchive = {
      note: () => undefined,
      oldestSeconds: () => undefined,
      read: async (fromSeconds) => {
        asked.push(fromSeconds);
        return [];
      },
    };
    const whole = sourceFrom(0);
    const source: RangeReader = {
      async range(request) {
        const { timestamps, values: _, ...rest } = await whole.range(request);
        const isThere = (at: number) => at < endSeconds || at > endSeconds + 1_800;
        const kept = {
          timestamps: timestamps.filter(isThere),
          values: timestamps.filter(isThere).map(demandAt),
        };
        return { ...rest, ...kept };
      },
    };
    const rows = createHistoryTail({ source, query: 'q', stepSeconds, windowSeconds });
    const tail = archivedTail(rows, archive, { stepSeconds });
    await learned(tail, endSeconds);
    await learned(tail, endSeconds + 3_600);
    expect(asked).toEqual([]);
  });

  it('archives each five minutes once, and none of which it has not asked for every row', async () => {
    const archive = memoryArchive();
    const tail = archivedTail(tailOf(0), archive, { stepSeconds });
    await learned(tail, endSeconds + 130);
    for (let later = 190; later < 4_000; later += 60) await learned(tail, endSeconds + later);
    const times = archive.all.map(({ atSeconds }) => atSeconds);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(archive.all.every(({ rows }) => rows === 5)).toBe(true);
    expect(times.at(-1)).toBe(endSeconds + 3_900);
  });
});
