import { describe, expect, it } from 'vitest';
import { RememberedSpikes } from '../../../../../src/forecast/core/hygiene/remembered-spikes.ts';

describe('remembered spikes', () => {
  it('are found near their step, the highest of several', () => {
    const spikes = new RememberedSpikes();
    spikes.add(10, 4);
    spikes.add(12, 6);
    spikes.add(13, 9);
    expect(spikes.highestNear(10, 2)).toBe(6);
    expect(spikes.highestNear(7, 2)).toBe(0);
    expect(spikes.highestNear(15, 2)).toBe(9);
  });

  it('are replaced by newer ones after 168 steps', () => {
    const spikes = new RememberedSpikes();
    for (let step = 0; step < 169; step++) spikes.add(1000 * step, 1);
    expect([0, 1000, 168_000].map((step) => spikes.highestNear(step, 2))).toEqual([0, 1, 1]);
  });
});
