import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../../bench/scale/shards/asking-client.ts';
import { judgeAnswers, lastValues } from '../../../../../bench/scale/shards/judge-answers.ts';
import { harmOf, type TrialPhase } from '../../../../../bench/scale/shards/trial-report.ts';

const answer = (app: string, value: number, atSeconds = 0, ms = 1): Answer => ({
  ...{ app, value, atSeconds, ms },
});
const before = new Map([['third', lastValues([answer('shop-2', 90), answer('shop-2', 100)])]] as const);
const judge = (answers: readonly Answer[], others: readonly Answer[] = []) =>
  judgeAnswers(
    { shard: 'third', calls: 9, failed: { UNAVAILABLE: 2, NOT_READY: 3 }, answers },
    { before, others, demandAt: () => 50 },
  );

describe('what is judged of the answers of a shard', () => {
  it('counts an answer more than a percent below the last one before the loss as lowered', () => {
    const judged = judge([answer('shop-2', 98.9), answer('shop-2', 99.1), answer('shop-8', 1)]);
    expect(judged).toMatchObject({
      lowered: 1,
      lowestRatio: expect.closeTo(0.989),
      answered: 2,
      failed: 5,
      calls: 9,
    });
  });

  it('tells an answer that is lower alone from one that is lower as those of other shards about the same demand', () => {
    const others = [answer('shop-22', 80, 20), answer('shop-25', 10, 20), answer('shop-22', 10, 190)];
    const lower = (atSeconds: number, beside: readonly Answer[]) =>
      judge([answer('shop-2', 80, atSeconds)], beside);
    expect(lower(2, others)).toMatchObject({ lowered: 1, loweredAlone: 0, lowestBeside: 1 });
    expect(judge([answer('shop-2', 60, 2)], others)).toMatchObject({ loweredAlone: 1, lowestBeside: 0.75 });
    expect(lower(500, others)).toMatchObject({ lowered: 1, loweredAlone: 1 });
    expect(lower(500, others).lowestBeside).toBeUndefined();
  });

  it('says how far answers are above the demand, and nothing of a shard without answers', () => {
    expect(judge([answer('shop-2', 60)]).overDemand).toBe(1.2);
    const { p99Ms, lowestRatio, overDemand } = judge([]);
    expect([p99Ms, lowestRatio, overDemand]).toEqual([undefined, undefined, undefined]);
  });

  it('finds harm in a failed call to a shard that ran on, and in a lower answer of any', () => {
    const phase = (
      third: { failed: number; loweredAlone: number },
      first: { failed: number; loweredAlone: number },
    ) =>
      ({
        name: 'lost',
        shards: [
          { shard: 'third', ...third },
          { shard: 'first', ...first },
        ],
      }) as unknown as TrialPhase;
    const none = { failed: 0, loweredAlone: 0 };
    const harm = (...phases: TrialPhase[]) => harmOf({ phases, lost: 'third' });
    expect(harm(phase({ failed: 9, loweredAlone: 0 }, none))).toEqual([]);
    expect(harm(phase({ failed: 0, loweredAlone: 1 }, none))).toHaveLength(1);
    expect(harm(phase(none, { failed: 1, loweredAlone: 1 }))).toHaveLength(2);
  });
});
