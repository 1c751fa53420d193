import { expect, it } from 'vitest';
import { outcomeSummary } from '../../../../src/api/answers/outcome-words.ts';
import { goodOutcome, servedSpan } from '../fixture.ts';

const week = 7 * 86_400;
const told = (span: ReturnType<typeof servedSpan>, mode: 'active' | 'reactive' = 'active') =>
  outcomeSummary({ serviceLevel: 0.99, windows: { ...goodOutcome.windows, '7d': span } }, mode);

it('says how long the week was short by both rules, and what the reactive rule would have cost', () => {
  expect(outcomeSummary(goodOutcome, 'active')).toBe(
    'Over the last 7 days demand was above what the ready replicas carry for 1h31m (0.9% of the time), where 1% is allowed; the reactive rule would have been short for 13h26m (8% of the time) with 6.3% fewer replica-hours.',
  );
});

it('says in mode reactive what would have been', () => {
  expect(outcomeSummary(goodOutcome, 'reactive')).toBe(
    'Over the last 7 days, in mode active, demand would have been above what the ready replicas carry for 1h31m (0.9% of the time), where 1% is allowed; the reactive rule was short for 13h26m (8% of the time) with 6.3% fewer replica-hours.',
  );
});

it('names the time that is known, and no time as 0s', () => {
  expect(told(servedSpan(30 * 3_600, [0, 6], [0.05, 6]))).toMatch(
    /^Over the last 30 hours demand was above what the ready replicas carry for 0s \(0% of the time\), .* with as many replica-hours\.$/,
  );
  expect(told(servedSpan(4.2 * 86_400, [0, 6], [0.05, 7]))).toMatch(
    /^Over the last 4 days .* with 17% more replica-hours\.$/,
  );
  expect(told(servedSpan(week, [15 / week, 6], [0, 6]))).toContain('for less than 1m (0.0025% of the time)');
});
