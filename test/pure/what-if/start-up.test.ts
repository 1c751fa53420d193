import { describe, expect, it } from 'vitest';
import { createStartUps, leadTimeOf, meanStartUp } from '../../../src/what-if/start-up.ts';

const seen = Array.from({ length: 100 }, (_, i) => 30 + i);

function draws(count: number): number[] {
  const { startUp } = createStartUps({ seconds: seen }, 1);
  if (typeof startUp === 'number') throw new Error('start-ups that differ are drawn');
  return Array.from({ length: count }, (_, i) => startUp(i, 0));
}

describe('the start-up of replicas', () => {
  it('is drawn evenly from the times that were seen, the same ones in every replay', () => {
    const drawn = draws(1000).sort((a, b) => a - b);
    for (const share of [0.05, 0.25, 0.5, 0.75, 0.95])
      expect(Math.abs((drawn[share * 1000] ?? 0) - (30 + 100 * share))).toBeLessThanOrEqual(2);
    expect(draws(50)).toEqual(draws(50));
    // Neighbours differ, so that a step of ten replicas gets early and late ones.
    expect(Math.max(...draws(10)) - Math.min(...draws(10))).toBeGreaterThan(70);
  });

  it('is reckoned by its 95th percentile by those who wait, and by its mean by the oracle', () => {
    expect(leadTimeOf({ seconds: seen })).toBe(125);
    expect(meanStartUp({ seconds: seen })).toBe(79.5);
    expect(leadTimeOf({ seconds: 60 })).toBe(60);
    expect(leadTimeOf({ seconds: 60, nodes: { replicasPerNode: 4, delaySeconds: 90 } })).toBe(150);
  });

  it('waits for a node where the others are full, and for the rest of the wait on one that is coming', () => {
    const nodes = { replicasPerNode: 4, delaySeconds: 90 };
    const { startUp, note } = createStartUps({ seconds: 20, nodes }, 6);
    if (typeof startUp === 'number') throw new Error('start-ups that differ are drawn');
    // Six replicas are on two nodes, which take eight.
    expect([startUp(6, 0), startUp(7, 0), startUp(8, 0)]).toEqual([20, 20, 110]);
    expect(startUp(9, 60)).toBe(50);
    expect(startUp(9, 100)).toBe(20);
    // The third node stays for ten minutes after its last replica went.
    note(12, 100);
    for (let now = 115; now < 700; now += 15) note(6, now);
    expect(startUp(8, 690)).toBe(20);
    note(6, 700);
    expect(startUp(8, 715)).toBe(110);
  });
});
