import { describe, expect, it } from 'vitest';
import { type Attended, attentionOf } from '../../../../src/api/answers/attention.ts';

const fine: Attended = {
  state: 'trusted',
  cause: undefined,
  observedAgeSeconds: 5,
  isKillSwitchOn: false,
  achievedService: 0.992,
  serviceLevel: 0.99,
  peakReplicas: 12,
  maxReplicas: 12,
};
const attentionIf = (overrides: Partial<Attended>) => attentionOf({ ...fine, ...overrides });

describe('the attention that a workload wants', () => {
  it.each<[string, Partial<Attended>, string, string | undefined]>([
    ['all is well', {}, 'ok', undefined],
    ['nothing was played yet', { achievedService: undefined, serviceLevel: undefined }, 'ok', undefined],
    ['the maximum is not known', { maxReplicas: undefined }, 'ok', undefined],
    [
      'KEDA gets an error',
      { state: 'unavailable', cause: 'the query gives no series' },
      'critical',
      'KEDA gets an error: the query gives no series',
    ],
    [
      'nothing fresh comes',
      { state: 'blind', observedAgeSeconds: 1154, cause: undefined },
      'critical',
      'no fresh data for 19m14s',
    ],
    [
      'the budget is overspent',
      { achievedService: 0.984 },
      'warning',
      'short for 1.6% of the last week, 1% is allowed',
    ],
    [
      'the maximum is too low',
      { peakReplicas: 14 },
      'warning',
      'the next peak needs 14 replicas, the maximum is 12',
    ],
    [
      'the forecast is distrusted',
      { state: 'distrusted' },
      'warning',
      'the forecast was lately dearer than the reactive rule',
    ],
    [
      'there is no forecast yet',
      { state: 'learning', cause: 'has 6h of history, needs 2d' },
      'notice',
      'learning: has 6h of history, needs 2d',
    ],
    ['the history is read', { state: 'loading' }, 'notice', 'its history is being read'],
    ['it is reactive', { state: 'reactive' }, 'notice', 'reactive by choice'],
    ['all are', { state: 'reactive', isKillSwitchOn: true }, 'notice', 'the kill switch is on'],
  ])('where %s', (_, overrides, attention, reason) => {
    expect(attentionIf(overrides)).toEqual({ attention, reason });
  });

  it('names the worst first: no value, then the broken promise, the limit, and distrust', () => {
    const all: Partial<Attended> = { achievedService: 0.5, peakReplicas: 99 };
    expect(attentionIf({ ...all, state: 'blind' }).reason).toMatch(/no fresh data/);
    expect(attentionIf({ ...all, state: 'distrusted' }).reason).toMatch(/short for 50%/);
    expect(attentionIf({ ...all, achievedService: 1, state: 'distrusted' }).reason).toMatch(
      /needs 99 replicas/,
    );
    expect(attentionIf({ ...all, state: 'reactive' }).attention).toBe('warning');
  });

  it('keeps a long cause short', () => {
    const { reason = '' } = attentionIf({ state: 'unavailable', cause: 'x'.repeat(500) });
    expect(reason.length).toBeLessThanOrEqual(80);
    expect(reason.endsWith('…')).toBe(true);
  });
});
