import { expect, it } from 'vitest';
import { adviceOf } from '../../../../src/api/answers/outcome-advice.ts';
import type { ServiceOutcome } from '../../../../src/forecast/index.ts';
import { goodOutcome, servedSpan } from '../fixture.ts';

const week = 7 * 86_400;
const known = { threshold: 10, leadTimeWarning: undefined, mostReplicas: undefined, nextPeak: undefined };
type Rule = readonly [shortShare: number, replicas: number];

function advised(
  forescale: Rule,
  reactive: Rule,
  mode: 'active' | 'reactive',
  more: Partial<ServiceOutcome> = {},
  seconds = week,
) {
  const windows = { ...goodOutcome.windows, '7d': servedSpan(seconds, forescale, reactive) };
  return adviceOf({ ...known, mode }, { ...goodOutcome, windows, ...more });
}

it('advises to turn on what keeps the promise that the reactive rule breaks, and says the price', () => {
  expect(advised([0.009, 6.4], [0.08, 6], 'reactive')).toEqual([
    {
      code: 'turn-on',
      message:
        'Turn it on with mode: active: it is short for 0.9% of the time, the reactive rule for 8%, and needs 6.7% more replica-hours.',
    },
  ]);
});

it('advises to turn on what is cheaper and not worse', () => {
  expect(advised([0.009, 5], [0.012, 6], 'reactive')).toMatchObject([
    { code: 'turn-on', message: expect.stringContaining('it needs 17% fewer replica-hours') },
  ]);
});

it('advises to leave off what is dearer where the reactive rule keeps the promise', () => {
  expect(advised([0.002, 6.6], [0.008, 6], 'reactive')).toEqual([
    {
      code: 'leave-off',
      message:
        'Leave it off: the reactive rule is short for 0.8% of the time, where 1% is allowed, and needs 9.1% fewer replica-hours.',
    },
  ]);
  expect(advised([0.002, 6.6], [0.008, 6], 'active')).toMatchObject([{ code: 'turn-off' }]);
});

it('says in mode active that it is worth it', () => {
  expect(advised([0.009, 6.4], [0.08, 6], 'active')).toMatchObject([{ code: 'leave-on' }]);
});

it('gives the threshold of a reactive trigger where that is cheaper at the same service', () => {
  const advice = advised([0.009, 8], [0.08, 6], 'reactive', { trust: 0, headroom: 1.45 });
  expect(advice.map(({ code }) => code)).toEqual(['leave-off', 'threshold']);
  expect(advice[1]?.message).toBe(
    'A reactive trigger keeps about the promised 99% with threshold: "6.897" in place of "10".',
  );
  expect(advised([0.009, 8], [0.08, 6], 'active', { trust: 0 })[0]?.code).toBe('leave-on');
});

it('advises to keep room to spare where the promise is broken for good', () => {
  const advice = advised([0.03, 8], [0.08, 6], 'active', { askedLevel: 0.9999 });
  expect(advice.map(({ code }) => code)).toEqual(['leave-on', 'threshold']);
  expect(advice[1]?.message).toContain('Set threshold below the "10" that one replica is to carry');
});

it('says nothing on less than a day', () => {
  expect(advised([0.03, 8], [0.08, 6], 'active', {}, 80_000)).toMatchObject([{ code: 'too-early' }]);
});

it('passes on what is known to be wrong with the lead time', () => {
  const leadTimeWarning = 'leadTime: 2m, but 95 % of the starts take 5m';
  const advice = adviceOf({ ...known, mode: 'active', leadTimeWarning }, goodOutcome);
  expect(advice.slice(1)).toEqual([{ code: 'lead-time', message: leadTimeWarning }]);
});

it('advises to raise maxReplicaCount where the peak of the next day needs more', () => {
  const codes = (mostReplicas: number | undefined, nextPeak: number | undefined) =>
    adviceOf({ ...known, mode: 'active', mostReplicas, nextPeak }, goodOutcome).slice(1);
  expect(codes(12, 134.5)).toEqual([
    {
      code: 'max-replicas',
      message: 'Raise maxReplicaCount from 12: the peak of the next day, 134.5, needs 14 replicas.',
    },
  ]);
  expect(codes(14, 134.5)).toEqual([]);
  expect(codes(undefined, 134.5)).toEqual([]);
  expect(codes(12, undefined)).toEqual([]);
});
