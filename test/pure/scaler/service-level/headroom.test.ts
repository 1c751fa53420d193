import { expect, it } from 'vitest';
import { withHeadroom } from '../../../../src/scaler/decision/policy.ts';
import { createUsualDemand } from '../../../../src/scaler/service-level/headroom.ts';

it('is the factor at the usual demand, and grows with the root of demand', () => {
  expect(withHeadroom(100, 1.3, 100)).toBeCloseTo(130, 9);
  expect(withHeadroom(400, 1.3, 100)).toBeCloseTo(460, 9);
  expect(withHeadroom(25, 1.3, 100)).toBeCloseTo(40, 9);
});

it('is none where nothing was usual, and never below the demand', () => {
  expect(withHeadroom(50, 20, 0)).toBe(50);
  expect(withHeadroom(0, 20, 100)).toBe(0);
  expect(withHeadroom(50, 1, 100)).toBe(50);
});

it('takes for usual the mean of what is known, and of about a week once more is', () => {
  const usual = createUsualDemand();
  expect(usual.mean).toBe(0);
  for (let i = 0; i < 48; i++) usual.learn(i < 24 ? 50 : 150, 1 / 24);
  expect(usual.mean).toBeCloseTo(100, 9);
  for (let i = 0; i < 24 * 35; i++) usual.learn(300, 1 / 24);
  expect(usual.mean).toBeGreaterThan(297);
  for (let i = 0; i < 24; i++) usual.learn(0, 1 / 24);
  expect(usual.mean).toBeGreaterThan(250);
});
