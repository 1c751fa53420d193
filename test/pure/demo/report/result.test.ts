import { describe, expect, it } from 'vitest';
import {
  type FleetResult,
  formatLatency,
  moneyOf,
  reactiveFirst,
  verdictOf,
} from '../../../../demo/report/result.ts';

function fleet(name: string, result: Partial<FleetResult>): FleetResult {
  return {
    name,
    replicas: { min: 1, max: 9, changes: 12 },
    requests: 10_000,
    shed: 0,
    p95Ms: 40,
    podMinutes: 20,
    scaleUps: { total: 8, askedAhead: 8, aheadOfDemand: 8, shortTimeShare: 0 },
    ...result,
  };
}

describe('the verdict', () => {
  it('says in one line what each fleet shed, how slow it was, and what the difference cost', () => {
    const fleets = [
      fleet('forescale', { shed: 3, p95Ms: 119.6, podMinutes: 20.8 }),
      fleet('reactive', { shed: 412, p95Ms: 1_930 }),
    ];
    expect(verdictOf(fleets)).toBe(
      'reactive: 412 requests shed, p95 1.9 s; Forescale: 3, 120 ms; 4 % more pod-minutes',
    );
  });

  it.each([
    [19, '5 % fewer'],
    [20.04, 'as many'],
    [20.2, '1 % more'],
  ])('says what %d pod-minutes beside 20 are: %s', (podMinutes, words) => {
    const verdict = verdictOf([fleet('forescale', { podMinutes }), fleet('reactive', {})]);
    expect(verdict).toMatch(new RegExp(`; ${words} pod-minutes$`));
  });

  it('says so when the demo ended before it began', () => {
    const nothing = { requests: 0, p95Ms: null, podMinutes: 0 };
    expect(verdictOf([fleet('forescale', nothing), fleet('reactive', nothing)])).toContain('before');
    expect(verdictOf([])).toContain('before');
  });

  it('shows a dash for the latency of a fleet that answered nothing', () => {
    expect(formatLatency(null)).toBe('–');
    expect(verdictOf([fleet('forescale', {}), fleet('reactive', { shed: 10_000, p95Ms: null })])).toContain(
      'p95 –;',
    );
  });
});

describe('the verdict in money', () => {
  const reactive = fleet('reactive', { shed: 221, podMinutes: 14.5 });

  it('says what each fleet cost in the simulated day, and what a request that was not rejected cost', () => {
    expect(moneyOf([fleet('forescale', { podMinutes: 15.6 }), reactive], 0.05)).toBe(
      'At 0.05 per replica-hour: reactive 4.35, Forescale 4.68; 0.33 more, 0.0015 for each of the 221 requests that were not rejected.',
    );
  });

  it('says what was spared where Forescale was cheaper, and nothing where nothing was asked', () => {
    expect(moneyOf([fleet('forescale', { podMinutes: 13.5 }), reactive], 0.05)).toMatch(/; 0\.30 less\.$/);
    expect(moneyOf([], 0.05)).toBeUndefined();
  });
});

it('puts the reactive fleet first on every screen', () => {
  expect(reactiveFirst([fleet('forescale', {}), fleet('reactive', {})]).map(({ name }) => name)).toEqual([
    'reactive',
    'forescale',
  ]);
});
