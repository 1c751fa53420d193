import { describe, expect, it } from 'vitest';
import { createHeadroom } from '../../../../src/scaler/service-level/headroom.ts';
import { createShortageLearner } from '../../../../src/scaler/service-level/shortage-learner.ts';

/** What a knob is told, a share of short time for each tick that it learns from. */
function createTold(leadTimeSeconds = 0, ticksOfTick = 1) {
  const told: number[] = [];
  const knob = { position: 0, learn: (share: number) => void told.push(share), copyState() {} };
  const learner = createShortageLearner(knob, leadTimeSeconds, ticksOfTick);
  return { told, learn: (isShort: boolean) => learner.learn(isShort) };
}

const shortTicks = (told: readonly number[]) => told.filter((share) => share === 1).length;

describe('a shortage', () => {
  it('counts for ten minutes at most, so that an incident is no reason to be dear for days', () => {
    const { told, learn } = createTold();
    for (let tick = 0; tick < 400; tick++) learn(true);
    expect(shortTicks(told)).toBe(40);
    // The rest teaches nothing, not even that enough was served.
    expect(told).toHaveLength(40);
    // After as long a time without one the next shortage counts again.
    for (let tick = 0; tick < 400; tick++) learn(false);
    learn(true);
    expect(told.at(-1)).toBe(1);
  });

  it('counts for as long as replicas need to start, if that is longer', () => {
    const { told, learn } = createTold(1800);
    for (let tick = 0; tick < 400; tick++) learn(true);
    expect(shortTicks(told)).toBe(120);
  });

  it('is the usual state once it has lasted for hours, and counts again', () => {
    const { told, learn } = createTold();
    for (let tick = 0; tick < 2000; tick++) learn(true);
    expect(shortTicks(told)).toBe(40 + (2000 - 760));
  });

  it('raises the headroom of a rule that is short two thirds of the time', () => {
    const headroom = createHeadroom(0.009);
    const before = headroom.position;
    const learner = createShortageLearner(headroom, 1800, 1);
    for (let tick = 0; tick < 3 * 5760; tick++) learner.learn(tick % 3 !== 0);
    expect(headroom.position).toBeGreaterThan(before);
  });
});
