import { describe, expect, it } from 'vitest';
import { createTimeline } from '../../../../src/what-if/outcome/timeline.ts';

describe('a timeline', () => {
  it('has the number of replicas at every tick, though it keeps the changes alone', () => {
    const timeline = createTimeline();
    const existing = Array.from({ length: 1000 }, (_, tick) => 3 + (Math.floor(Math.sqrt(tick * 7)) % 9));
    for (const [tick, value] of existing.entries()) timeline.note(tick, value, value - 1);
    expect([...timeline.existing(0, 1000)]).toEqual(existing);
    expect([...timeline.ready(400, 650)]).toEqual(existing.slice(400, 650).map((value) => value - 1));
  });

  it('has no replicas before the first tick', () => {
    const timeline = createTimeline();
    timeline.note(5, 2, 1);
    timeline.note(7, 4, 4);
    expect([...timeline.ready(3, 9)]).toEqual([0, 0, 1, 1, 4, 4]);
  });
});
