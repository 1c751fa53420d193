import { describe, expect, it } from 'vitest';
import { createReplicasAtHand } from '../../../../src/scaler/decision/replicas-at-hand.ts';

const start = 1_000_000;
/** Seconds before a count that a signal still may have changed it after it was taken. */
const lag = 45;

describe('the replicas at hand', () => {
  it('are what the cluster said and whatever was asked for since', () => {
    const atHand = createReplicasAtHand();
    atHand.note(17.2, start);
    atHand.note(18, start + 60);
    atHand.note(18.5, start + 90);
    const seen = { current: 17, desired: 18, atSeconds: start + 60 + lag };
    expect(new Set(atHand.possible(seen, start + 120))).toEqual(new Set([1, 17, 18, 19]));
  });

  it('begin with what was in force when the cluster said it', () => {
    const atHand = createReplicasAtHand();
    atHand.note(30, start);
    atHand.note(20, start + 10);
    const seen = { current: 25, atSeconds: start + 100, fewest: 2 };
    expect(new Set(atHand.possible(seen, start + 200))).toEqual(new Set([2, 20, 25]));
  });

  it('are not known while the cluster says nothing, or what it says is old', () => {
    const atHand = createReplicasAtHand();
    atHand.note(20, start);
    expect(atHand.possible(undefined, start + 600)).toBeUndefined();
    expect(atHand.possible({ current: 20, atSeconds: start + 359 }, start + 600)).toBeUndefined();
    expect(atHand.possible({ current: 20, atSeconds: start + 360 }, start + 600)).toBeDefined();
  });

  it('are not known to who has not followed since before the cluster said it', () => {
    const atHand = createReplicasAtHand();
    atHand.note(20, start);
    expect(atHand.possible({ current: 20, atSeconds: start + lag - 1 }, start + 60)).toBeUndefined();
    expect(atHand.possible({ current: 20, atSeconds: start + lag }, start + 60)).toBeDefined();
  });

  it('are not known after the clock went back, until they were followed anew', () => {
    const atHand = createReplicasAtHand();
    atHand.note(20, start);
    atHand.note(21, start - 500);
    expect(atHand.possible({ current: 20, atSeconds: start - 500 }, start - 480)).toBeUndefined();
    expect(atHand.possible({ current: 20, atSeconds: start - 500 + lag }, start - 440)).toBeDefined();
  });

  it('keep no more than the last minutes', () => {
    const atHand = createReplicasAtHand();
    for (let second = 0; second < 100_000; second += 10) atHand.note(second % 70, start + second);
    const seen = { current: 3, atSeconds: start + 100_000 - 200 };
    expect(atHand.possible(seen, start + 100_000)?.length).toBeLessThan(40);
  });
});
