import { describe, expect, it } from 'vitest';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { replay } from '../../../../src/forecast/replays/replay.ts';
import {
  createJobWorker,
  judge,
  type LearnedStates,
  learnedStates,
  type ReplayJob,
} from '../../../../src/forecast/replays/replay-job.ts';
import { playKeyOf, playOfKey } from '../../../../src/scaler/service-level/play-key.ts';
import { type RandomTrace, randomTrace } from '../core/random-trace.ts';

const { signal } = new AbortController();

function rowsOf({ rows }: RandomTrace) {
  return {
    timestamps: Float64Array.from(rows, ([time]) => time),
    values: Float64Array.from(rows, ([, value]) => value),
    isCensored: Uint8Array.from(rows, ([, , isCensored]) => (isCensored ? 1 : 0)),
  };
}

/** A forecaster and two plays beside it, which have learned nothing. */
function beginning({ options }: RandomTrace) {
  const { stepSeconds } = options;
  const rule = {
    ...{ threshold: 10, capacity: 10, hpaTolerance: 0.1, knowsReplicas: false, serviceLevel: 0.95 },
    ...{ windowSeconds: 5 * stepSeconds, leadTimeSeconds: stepSeconds, settleSeconds: stepSeconds },
    ...{ rateWindowSeconds: stepSeconds, scrapeIntervalSeconds: stepSeconds / 4 },
    seasonSeconds: options.seasonsSeconds?.[0] ?? 86_400,
  };
  const keys = [rule, { ...rule, threshold: 25, capacity: 30 }].map(playKeyOf);
  const followers = new Map(keys.map((key) => [key, playOfKey(key)]));
  return { forecaster: createForecaster(options), followers };
}

/** Rows of which the last two thirds are judged. */
function judgedOf({ timestamps }: ReplayJob['rows']): ReplayJob['judged'] {
  const at = (share: number) => timestamps[Math.floor(share * timestamps.length)] ?? Number.NaN;
  return { fromSeconds: at(1 / 3), followedSeconds: at(0.4), calibratedSeconds: at(0.5) };
}

describe('a replay that is done elsewhere', () => {
  const learn = createJobWorker(playOfKey);

  it.each(Array.from({ length: 7 }, (_, seed) => seed))(
    'leads to what a replay here leads to, to the bit, whatever was learned there before, series %i',
    async (seed) => {
      const trace = randomTrace(seed);
      const rows = rowsOf(trace);
      const judged = seed % 2 === 0 ? judgedOf(rows) : undefined;
      const here = beginning(trace);
      let before: LearnedStates = learnedStates(here);
      const middle = Math.floor(rows.timestamps.length / 2);
      // A long history comes in several parts.
      for (const [from, to] of [
        [0, middle],
        [middle, rows.timestamps.length],
      ]) {
        const part = {
          timestamps: rows.timestamps.slice(from, to),
          values: rows.values.slice(from, to),
          isCensored: rows.isCensored.slice(from, to),
        };
        const job: ReplayJob = { options: trace.options, before, rows: part, judged };
        judge(here, judged);
        await replay(here.forecaster, part, {
          signal,
          followers: here.followers.values(),
          followedFromSeconds: judged?.followedSeconds,
        });
        before = learnedStates(here);
        expect(await learn(structuredClone(job))).toEqual(before);
      }
    },
  );

  it('rejects states that are of something else', async () => {
    const trace = randomTrace(1);
    const { forecaster, followers } = learnedStates(beginning(trace));
    const job = { options: trace.options, rows: rowsOf(trace), judged: undefined };
    const cutOff = new Map([...followers].map(([key, state]) => [key, state.subarray(0, 8)]));
    await expect(learn({ ...job, before: { forecaster, followers: cutOff } })).rejects.toThrow(RangeError);
  });
});
