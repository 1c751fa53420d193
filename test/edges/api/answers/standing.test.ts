import { describe, expect, it } from 'vitest';
import { standingOf, workloadStates } from '../../../../src/api/answers/standing.ts';
import type { Decision } from '../../../../src/forecast/workload-view.ts';
import { goodDecision, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';

const model = modelOf(taught(0));
const workload = workloadOf(model);
const decided = (overrides: Partial<Decision>) => ({ ...goodDecision, ...overrides });

describe('the state of a workload in words', () => {
  const cases = [
    ['active', workload, goodDecision, 'active', 'Forecast in charge: more demand is coming'],
    [
      'active',
      workload,
      decided({ basis: 'observed' }),
      'active',
      'Forecast in charge: no more than now is coming',
    ],
    [
      'learning',
      workload,
      decided({ predictedPeak: undefined, basis: 'observed', fallbackReasons: ['has 6h, needs 2d'] }),
      'active',
      'Reactive: still learning – has 6h, needs 2d',
    ],
    [
      'fallback',
      workload,
      decided({ basis: 'observed', fallbackReasons: ['the forecast has lately been worse'] }),
      'active',
      'Reactive for now: the forecast has lately been worse',
    ],
    [
      'reactive',
      workloadOf(model, { mode: 'reactive' }),
      decided({ fallbackReasons: ['the mode is reactive'] }),
      'active',
      'Reactive by choice: the forecast is shown, not used',
    ],
    ['reactive', workload, goodDecision, 'reactive', 'Reactive: the kill switch is on'],
    [
      'blind',
      workload,
      decided({ atSeconds: nowSeconds + 90, fresh: false, basis: 'last-good' }),
      'active',
      'Blind: no fresh data for 1m30s; holding the last good value',
    ],
    [
      'loading',
      workloadOf(modelOf(taught(0), { health: () => ({ ...model.health(), state: 'loading' }) })),
      undefined,
      'active',
      'Starting: demand is being asked for',
    ],
    [
      'unavailable',
      workloadOf(modelOf(taught(0), { health: () => ({ ...model.health(), state: 'blind' }) })),
      undefined,
      'active',
      'No value to serve: KEDA gets an error, and its fallback acts',
    ],
  ] as const;

  it.each(cases)('%s', (state, view, decision, serverMode, headline) => {
    expect(standingOf(view, decision, serverMode)).toMatchObject({ state, headline });
  });

  it('has words for every state', () => {
    expect(new Set(cases.map(([state]) => state))).toEqual(new Set(workloadStates));
  });
});
