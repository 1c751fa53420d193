import { describe, expect, it } from 'vitest';
import { decide, type ScalingPolicy, type Situation } from '../../../../src/scaler/decision/policy.ts';
import { unplayedService } from '../../../../src/scaler/service-level/played-service.ts';
import { usualPolicy } from './usual-policy.ts';

const policy = usualPolicy;
const now = 1_000_000;
const before = { atSeconds: now - 60, signal: 80, active: true };
const { asked, ...service } = unplayedService(0.99);

function situation(given: Partial<Situation> = {}): Situation {
  return {
    nowSeconds: now,
    observed: { value: 30, atSeconds: now - 5 },
    forecast: { kind: 'none', reasons: ['its history is being read'] },
    service: { ...service, askedLevel: asked.level, askedFactor: 1, margin: 1, recentMaximum: 0 },
    lastGood: undefined,
    before,
    ...given,
  };
}

describe('what was served before a restart', () => {
  it('is held while there is no forecast, and the decision says why', () => {
    expect(decide(situation(), policy)).toMatchObject({
      signal: 80,
      observed: 30,
      basis: 'last-good',
      fallbackReasons: ['its history is being read', 'no forecast yet since a restart or an edit'],
    });
  });

  it('is held while nothing is observed', () => {
    const blind = situation({ observed: { value: 30, atSeconds: now - 60 } });
    expect(decide(blind, policy)).toMatchObject({ signal: 80, fresh: false, basis: 'last-good' });
  });

  it('keeps a workload awake', () => {
    const asleep = situation({ observed: { value: 0, atSeconds: now } });
    expect(decide(asleep, policy)).toMatchObject({ active: true, signal: 80 });
  });

  it('gives way to more that is observed', () => {
    const more = situation({ observed: { value: 95, atSeconds: now } });
    expect(decide(more, policy)).toMatchObject({ signal: 95, basis: 'observed' });
  });

  it.each<[string, Partial<Situation>, Partial<ScalingPolicy>]>([
    ['is too old', { before: { ...before, atSeconds: now - 1801 } }, {}],
    ['lies in the future', { before: { ...before, atSeconds: now + 1801 } }, {}],
    [
      'is followed by a history too short for a forecast',
      {
        forecast: { kind: 'none', reasons: ['has 6h, needs 2d'], isLearned: true },
      },
      {},
    ],
    [
      'is followed by a forecast',
      {
        forecast: { kind: 'forecast', bound: 40, median: 35, credibleMaximum: 100, dataAgeSeconds: 30 },
      },
      {},
    ],
    ['meets reactive mode', {}, { mode: 'reactive' }],
    ['is not known', { before: undefined }, {}],
  ])('is not held where it %s', (_, given, changed) => {
    expect(decide(situation(given), { ...policy, ...changed })?.signal).toBeLessThanOrEqual(40);
  });
});
