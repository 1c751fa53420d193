import { describe, expect, it } from 'vitest';
import { decisionSummary, summaryOf } from '../../../../src/api/answers/explanation-words.ts';
import type { Explanation, ForecastComponent } from '../../../../src/forecast/core/index.ts';
import type { Decision } from '../../../../src/forecast/workload-view.ts';
import { goodDecision, goodOutcome, nowSeconds } from '../fixture.ts';

function explanationOf(parts: Partial<Record<ForecastComponent['name'], number>>): Explanation {
  const components = Object.entries({ level: 120, ...parts }).map(([name, value]) => ({
    name: name as ForecastComponent['name'],
    value,
    meaning: '',
  }));
  const value = components.reduce((sum, component) => sum + component.value, 0);
  return {
    status: 'ok',
    origin: nowSeconds,
    atSeconds: nowSeconds + 300,
    windowSeconds: 420,
    quantile: 0.99,
    value,
    median: value,
    components,
    newest: 124.5,
    usualOfNewest: 120,
    experts: [],
    seasonsSeconds: [],
    accuracy: undefined,
  };
}

const rising = explanationOf({ day: 30.25, week: -4, safetyMargin: 12 });

function toldOf(
  decision: Partial<Decision>,
  explained = rising,
  outcome = goodOutcome,
  lastError?: string,
): string {
  return decisionSummary({
    decision: { ...goodDecision, signal: 158.25, ...decision },
    replicasAsked: 8,
    explained,
    outcome,
    lastError,
  });
}

describe('the summary of a decision', () => {
  it('names the forecast that decides, and what changes it most from the usual level', () => {
    expect(toldOf({})).toBe(
      'KEDA is told 158.3 (8 replicas): the forecast decides; demand is 124.5 now and stays at or below 158.3 for the next 7m (99% sure). The usual level is 120; the largest difference from it is the time of day (+30.25). The 99% level of the peak is asked for, because over the last 7 days 0.9% of the time was short where 1% is allowed.',
    );
  });

  it.each([
    ['week', -50, 'the time of the week (−50)'],
    ['deviation', 70, 'the present deviation from usual (+70)'],
    ['shared', 70, 'the correction by what series have in common (+70)'],
    ['safetyMargin', 40, 'the safety margin (+40)'],
  ] as const)('names the %s where that is the largest difference', (part, value, words) => {
    expect(toldOf({}, explanationOf({ day: 30, [part]: value }))).toContain(words);
  });

  it('says that it is the usual level where nothing changes it', () => {
    expect(toldOf({}, explanationOf({ day: 0.1 }))).toContain('. That is the usual level of demand.');
  });

  it('names what is observed where no higher peak is to come', () => {
    expect(toldOf({ basis: 'observed', signal: 124.5, wanted: 124.5, predictedPeak: 110 })).toBe(
      'KEDA is told 124.5 (8 replicas): the observed demand of 124.5 decides; by the forecast it stays at or below 110 for the next 7m (99% sure). The 99% level of the peak is asked for, because over the last 7 days 0.9% of the time was short where 1% is allowed.',
    );
  });

  it('says why there is no forecast, or why it does not decide', () => {
    const observed = { basis: 'observed', signal: 124.5, wanted: 124.5 } as const;
    const learning = { predictedPeak: undefined, trust: undefined, fallbackReasons: ['has 6h, needs 2d'] };
    expect(toldOf({ ...observed, ...learning })).toContain('because there is no forecast: has 6h, needs 2d.');
    expect(toldOf({ ...observed, trust: 0, fallbackReasons: ['the mode is reactive'] })).toContain(
      'the observed demand of 124.5 decides, because the mode is reactive.',
    );
  });

  it('says which level is asked for and why, where the forecast has a part in the decision', () => {
    expect(toldOf({ askedLevel: 0.972 })).toContain(
      'The 97.2% level of the peak is asked for, because over the last 7 days 0.9% of the time was short where 1% is allowed.',
    );
    const unplayed = decisionSummary({
      decision: goodDecision,
      replicasAsked: 8,
      explained: rising,
      outcome: undefined,
    });
    expect(unplayed).toContain(
      'The 99% level of the peak is asked for, because no decision could be played yet.',
    );
    const low = { askedLevel: 0.2057, askedFactor: 0.93 };
    expect(toldOf(low)).toContain('demand is 124.5 now and is planned for as 158.3 for the next 7m.');
    expect(toldOf(low)).toContain('The 20.57% level of the peak, less 7%, is asked for, because');
    const noPart = ['the mode is reactive'];
    expect(toldOf({ basis: 'observed', fallbackReasons: noPart })).not.toContain('is asked for');
    expect(toldOf({ basis: 'headroom', trust: 0, fallbackReasons: ['too dear'] })).not.toContain(
      'is asked for',
    );
  });

  it('says where the margin over the observed demand asks for more than the forecast', () => {
    const told = toldOf({ basis: 'margin', margin: 1.3, wanted: 161.8, signal: 161.8 });
    expect(told).toContain(
      'the observed demand of 124.5 decides with a margin (1.3 times); by the forecast it stays',
    );
    expect(told).toContain('The 99% level of the peak is asked for');
  });

  it('says that a blind workload is held at the last good value', () => {
    const blind = {
      fresh: false,
      basis: 'last-good',
      fallbackReasons: ['no fresh observation for 40 s'],
    } as const;
    expect(toldOf(blind)).toContain('the last good value is held, no fresh observation for 40 s.');
    expect(toldOf(blind, rising, goodOutcome, 'the query gives no series')).toContain(
      'for 40 s. Nothing fresh comes, because the query gives no series.',
    );
    expect(toldOf({}, rising, goodOutcome, 'the query gives no series')).not.toContain('no series');
  });

  it('says that the forecast goes on where a blind workload’s value rises, and not what demand is now', () => {
    const fallbackReasons = ['no fresh observation for 40 s'];
    expect(toldOf({ fresh: false, fallbackReasons })).toContain(
      'the forecast goes on from 124.5, no fresh observation for 40 s; demand stays at or below 158.3 for the next 7m',
    );
  });

  it('tells a raise for the HPA, a cap and a lack of trust from the forecast itself', () => {
    expect(toldOf({ signal: 160 })).toContain('The value is raised from 158.3, because the HPA ignores');
    expect(toldOf({ signal: 140 })).toContain('The value is cut from 158.3, which is implausible');
    expect(toldOf({ trust: 0.5, signal: 141.375, wanted: 141.375 })).toContain(
      'The forecast counts for 50% and the reactive rule for the rest',
    );
    expect(toldOf({ signal: 158.25 * (1 + 1e-9) })).not.toContain('raised');
  });

  it('gives the reasons to distrust forecasts so far ahead', () => {
    const accuracy = {
      horizonSeconds: 300,
      count: 100,
      wape: 0.3,
      bias: 0,
      relativeToPersistence: 1.2,
      relativeToSeasonalNaive: 0.8,
      coverage: {},
      pinball: {},
      weights: {},
      distrust: ['worse-than-persistence', 'bounds-exceeded-too-often'],
    } as const;
    const doubted = { ...rising, accuracy };
    expect(toldOf({}, doubted)).toMatch(
      /should not be trusted at present: .* assuming no change, demand was lately above their bounds too often\.$/,
    );
    expect(summaryOf(doubted)).toContain('should not be trusted at present');
    expect(toldOf({ basis: 'observed', predictedPeak: 100 }, doubted)).not.toContain('trusted');
  });
});

describe('the summary of a forecast', () => {
  it('names the value, the moment or window and how sure it is', () => {
    expect(summaryOf(rising)).toMatch(
      /^Demand stays at or below 158\.3 for the next 7m \(99% sure\)\. The usual level/,
    );
    expect(summaryOf({ ...rising, windowSeconds: undefined, quantile: 0.5 })).toMatch(
      /^Demand is at or below 158\.3 at 2026-01-06 09:05:00Z \(50% sure\)\./,
    );
  });

  it('gives the reason where there is none', () => {
    const reasons = [{ code: 'insufficient-history', message: 'has 6h, needs 2d' }] as const;
    expect(summaryOf({ status: 'learning', origin: 0, reasons })).toBe('No forecast yet: has 6h, needs 2d.');
  });
});
