import { expect, it } from 'vitest';
import { type StateCopier, savedState } from '../../../../src/forecast/core/index.ts';
import { standInOf } from '../../../../src/forecast/snapshots/stand-in.ts';

/** A follower whose state is a number. */
function createFollower(known = 0) {
  const follower = {
    known,
    follow: () => undefined,
    countFrom: () => undefined,
    copyState(copier: StateCopier) {
      follower.known = copier.number(follower.known);
    },
  };
  return follower;
}

it('is the same one in every replica where two are as near, whatever their order', () => {
  const states = ['target 1,lead 2', 'target 1,lead 3'].map((key, index): [string, Uint8Array] => [
    key,
    savedState(createFollower(index + 1)),
  ]);
  const found = [states, states.toReversed()].map((order) => {
    const follower = createFollower();
    standInOf('target 1,lead 4', () => follower, new Map(order));
    return follower.known;
  });
  expect(found).toEqual([1, 1]);
});
