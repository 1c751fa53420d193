import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerMode } from '../../../../src/api/peers.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { createSharedMode, type SharedMode } from '../../../../src/server/peers/shared-mode.ts';

let now = 0;
beforeEach(() => {
  now = 1_000;
});
const replica = (initial: ServerMode, skewSeconds = 0) =>
  createSharedMode(initial, { clock: () => now + skewSeconds, log: silentLogger });
/** Each takes what the other has, as replicas that ask one another do. */
function exchange(one: SharedMode, two: SharedMode): void {
  const [first, second] = [one.switched(), two.switched()];
  if (first !== undefined) two.take(first);
  if (second !== undefined) one.take(second);
}
const modes = (...replicas: readonly SharedMode[]) => replicas.map(({ mode }) => mode());

describe('the mode of replicas', () => {
  it('is the one that was switched to last, wherever that was and whatever the clocks say', () => {
    const [ahead, right] = [replica('active', 3_600), replica('active')];
    ahead.switchTo('reactive');
    exchange(ahead, right);
    expect(modes(ahead, right)).toEqual(['reactive', 'reactive']);
    right.switchTo('active');
    exchange(ahead, right);
    expect(modes(ahead, right)).toEqual(['active', 'active']);
  });

  it('holds on a replica that starts later', () => {
    const old = replica('active');
    old.switchTo('reactive');
    now += 60;
    const fresh = replica('active');
    exchange(old, fresh);
    expect(modes(old, fresh)).toEqual(['reactive', 'reactive']);
  });

  it('of the configuration is told to nobody, so that it changes with the pods', () => {
    const [old, fresh] = [replica('reactive'), replica('active')];
    exchange(old, fresh);
    expect(modes(old, fresh)).toEqual(['reactive', 'active']);
  });

  it('stays reactive by configuration where somebody had switched to active before the start', () => {
    const old = replica('active');
    old.switchTo('active');
    now += 60;
    const fresh = replica('reactive');
    exchange(old, fresh);
    expect(modes(old, fresh)).toEqual(['active', 'reactive']);
    now += 60;
    old.switchTo('active');
    exchange(old, fresh);
    expect(modes(old, fresh)).toEqual(['active', 'active']);
  });

  it('is the safe one where two were told different things in the same moment', () => {
    const [one, two] = [replica('active'), replica('active')];
    one.switchTo('reactive');
    two.switchTo('active');
    exchange(one, two);
    expect(modes(one, two)).toEqual(['reactive', 'reactive']);
  });
});
