import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../../src/api/answers/standing.ts';
import { workloadStates } from '../../../../src/forecast/workload-state.ts';
import type { Decision } from '../../../../src/forecast/workload-view.ts';
import { createStateLog } from '../../../../src/scaler/state-log.ts';
import { goodDecision, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';

const model = modelOf(taught(0));
const workload = workloadOf(model);
const decided = (overrides: Partial<Decision>) => ({ ...goodDecision, ...overrides });

describe('the state of a workload in words', () => {
  const cases = [
    ['trusted', workload, goodDecision, 'active', 'Trusted: the forecast asks for more than is observed now'],
    [
      'trusted',
      workload,
      decided({ basis: 'observed' }),
      'active',
      'Trusted: the forecast asks for no more than is observed now',
    ],
    [
      'learning',
      workload,
      decided({
        predictedPeak: undefined,
        trust: undefined,
        basis: 'observed',
        fallbackReasons: ['has 6h, needs 2d'],
      }),
      'active',
      'Learning: the observed demand is served – has 6h, needs 2d',
    ],
    [
      'distrusted',
      workload,
      decided({ trust: 0, basis: 'observed', fallbackReasons: ['the forecast has lately been worse'] }),
      'active',
      'Distrusted: the observed demand is served with headroom – the forecast has lately been worse',
    ],
    [
      'distrusted',
      workload,
      decided({ trust: 0.4, fallbackReasons: ['the forecast has lately been worse'] }),
      'active',
      'Distrusted in part: the forecast keeps 40 % of its influence – the forecast has lately been worse',
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
      'Blind: no fresh data for 1m30s; the last good value is held',
    ],
    [
      'blind',
      workload,
      decided({ atSeconds: nowSeconds + 90, fresh: false }),
      'active',
      'Blind: no fresh data for 1m30s; the forecast goes on, above the last good value',
    ],
    [
      'blind',
      workload,
      decided({ atSeconds: nowSeconds + 90, fresh: false, basis: 'observed' }),
      'active',
      'Blind: no fresh data for 1m30s; the demand observed last is served',
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
      'Unavailable: KEDA gets an error and keeps the replicas, or its fallback acts',
    ],
  ] as const;

  it.each(cases)('%s', (state, view, decision, serverMode, headline) => {
    expect(standingOf(view, decision, serverMode)).toMatchObject({ state, headline });
  });

  it.each(cases)('%s, and in the log the same', (state, view, decision, serverMode) => {
    const logged: object[] = [];
    const note = (fields: object) => void logged.push(fields);
    const log = { debug: note, info: note, warn: note, error: note };
    const states = createStateLog(log, { namespace: 'shop', name: 'web', trigger: 'abc' });
    states.note(goodDecision, 'active', model.health());
    states.note(decision, serverMode === 'reactive' ? serverMode : view.mode, view.model.health());
    expect(logged.at(-1)).toMatchObject({ to: state });
  });

  it('says first why a blind workload sees nothing', () => {
    const lastError = {
      code: 'no-data',
      message: 'the query gives no series',
      atSeconds: nowSeconds,
    } as const;
    const view = workloadOf(modelOf(taught(0), { health: () => ({ ...model.health(), lastError }) }));
    const decision = decided({ fresh: false, fallbackReasons: ['no fresh observation for 90 s'] });
    expect(standingOf(view, decision, 'active').reasons).toEqual([
      'the query gives no series',
      'no fresh observation for 90 s',
    ]);
  });

  it('has words for every state', () => {
    expect(new Set(cases.map(([state]) => state))).toEqual(new Set(workloadStates));
  });
});
