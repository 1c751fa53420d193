import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { boundAskedAt, createAskedLevel } from '../../../../src/scaler/service-level/asked-level.ts';
import { createFeedback } from '../../../../src/scaler/service-level/feedback.ts';

describe('the feedback on what was achieved', () => {
  it('settles where the share of short ticks is the allowed one, whatever makes a tick short', () => {
    for (const allowedShare of [0.01, 0.001, 0.1]) {
      for (const shape of [1, 3]) {
        const random = createRandom(7);
        const knob = createFeedback({
          allowedShare,
          start: 0.5,
          lowest: 0,
          highest: 5,
          stepPerShortTick: 0.005,
        });
        let short = 0;
        const ticks = 400_000;
        for (let i = 0; i < ticks; i++) {
          // A tick is short where a random need is above the knob.
          const isShort = -Math.log10(random()) / shape > knob.position;
          if (i >= ticks / 2) short += isShort ? 1 : 0;
          knob.learn(isShort ? 1 : 0, 1);
        }
        expect(short / (ticks / 2) / allowedShare).toBeGreaterThan(0.9);
        expect(short / (ticks / 2) / allowedShare).toBeLessThan(1.1);
      }
    }
  });

  it('stays within its limits', () => {
    const knob = createFeedback({
      allowedShare: 0.01,
      start: 1,
      lowest: 0.5,
      highest: 2,
      stepPerShortTick: 0.005,
    });
    knob.learn(1, 1_000_000);
    expect(knob.position).toBe(2);
    knob.learn(0, 1_000_000_000);
    expect(knob.position).toBe(0.5);
  });
});

describe('the level that is asked for', () => {
  it('rises and falls with the knob, and goes on below the lowest level by lowering the bound itself', () => {
    expect(boundAskedAt(2).level).toBeCloseTo(0.99, 12);
    expect(boundAskedAt(2).factor).toBe(1);
    const [low, lower] = [boundAskedAt(0.1), boundAskedAt(-0.9)];
    expect(low.level).toBe(lower.level);
    expect(low.factor).toBe(1);
    expect(lower.factor).toBeCloseTo(0.9, 12);
  });

  it('brings a margin over the observed demand that rises with it, and none at a low level', () => {
    expect(boundAskedAt(-1).margin).toBe(1);
    expect(boundAskedAt(0.1).margin).toBe(1);
    expect(boundAskedAt(1).margin).toBeCloseTo(1.13, 2);
    expect(boundAskedAt(2).margin).toBeCloseTo(1.45, 2);
  });

  it('begins at about the level that delivers what is allowed', () => {
    expect(boundAskedAt(createAskedLevel(0.01).position).level).toBeCloseTo(0.95, 12);
    expect(boundAskedAt(createAskedLevel(0.001).position).level).toBeCloseTo(0.995, 12);
    expect(boundAskedAt(createAskedLevel(0.5).position).level).toBeGreaterThanOrEqual(0.2);
  });
});
