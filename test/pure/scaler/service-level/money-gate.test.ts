import { expect, it } from 'vitest';
import { createMoneyGate } from '../../../../src/scaler/service-level/money-gate.ts';

/** Plays some days of 15 s ticks in which the two rules have these replicas, and returns the trust in between, hour by hour. */
function played(
  gate: ReturnType<typeof createMoneyGate>,
  forecast: number,
  reactive: number,
  days: number,
): number[] {
  const trust: number[] = [];
  const ticks = Math.round(days * 5_760);
  for (let i = 1; i <= ticks; i++) {
    gate.learn(forecast, reactive, 1 / 5_760);
    if (i % 240 === 0) trust.push(gate.trust);
  }
  return trust;
}

it('trusts the forecast while it is the cheaper rule, and from the start', () => {
  const gate = createMoneyGate();
  expect(gate.trust).toBe(1);
  expect(new Set(played(gate, 10, 12, 7))).toEqual(new Set([1]));
});

it('loses trust within an hour once the forecast is dearer, but not before a day was played', () => {
  const gate = createMoneyGate();
  const trust = played(gate, 12, 10, 2);
  expect(trust.slice(0, 23)).toEqual(Array.from({ length: 23 }, () => 1));
  expect(trust[25]).toBe(0);
});

it('moves gradually, and stays as it is where both cost about the same', () => {
  const gate = createMoneyGate();
  played(gate, 12, 10, 2);
  expect(played(gate, 9.95, 10, 0.1).at(-1)).toBe(0);
  played(gate, 8, 10, 10);
  expect(gate.trust).toBe(1);
  expect(new Set(played(gate, 10.1, 10, 10))).toEqual(new Set([1]));
  const falling: number[] = [];
  const worse = createMoneyGate();
  for (let i = 0; i < 5_760 + 120; i++) {
    worse.learn(12, 10, 1 / 5_760);
    falling.push(worse.trust);
  }
  expect(Math.max(...falling.map((trust, i) => Math.abs(trust - (falling[i - 1] ?? trust))))).toBeLessThan(
    0.005,
  );
  expect(falling.at(-1)).toBeCloseTo(0.5, 1);
});
