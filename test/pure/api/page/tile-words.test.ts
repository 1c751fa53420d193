import { describe, expect, it } from 'vitest';
import { accuracyWords } from '../../../../src/api/page/workload/accuracy-words.js';
import { tileWords } from '../../../../src/api/page/workload/tile-words.js';

const status = {
  decision: {
    at: 1000,
    signal: 143,
    basis: 'forecast',
    predictedPeak: 132,
    askedLevel: 0.99,
    askedFactor: 1,
    windowSeconds: 190,
  },
  observed: { value: 92, at: 1000 },
  unit: 'requests/s',
  threshold: 10,
  replicasAsked: 15,
  replicas: { current: 14, ready: 12, min: 1, max: 20 },
  leadTime: { seconds: 120, meaning: 'A pod is taken to need 2m.', warning: null },
};
const served = (shortSeconds: number, replicaHours: number) => ({
  achievedService: 1 - shortSeconds / 604_800,
  shortSeconds,
  replicaHours,
});
const outcomeOf = (budgetLeftRatio: number, own: object, reactive: object) => ({
  serviceLevel: 0.99,
  budgetLeftRatio,
  windows: [{ window: '7d', forescale: own, reactive }],
});
const good = outcomeOf(0.4, served(3600, 900), served(36_000, 1000));
const nowSeconds = 1000;
const peak = { t: 5000, expected: 100, bound: 120, replicas: 12, isAboveMax: false };

describe('the tiles of a workload', () => {
  it('carry the unit, and say what each number is', () => {
    const tiles = tileWords(status, { outcome: good, peak, nowSeconds });
    expect(tiles.observed.value).toBe('92 requests/s');
    expect(tiles.planned).toMatchObject({
      value: '132 requests/s',
      note: 'highest within the next 3m 10s; exceeded 1 in 100 times',
    });
    expect(tiles.replicas.note).toBe('at 10 requests/s each; 12 ready, at most 20');
    expect(tiles.peak.value).toMatch(/: 12 replicas$/);
    expect(tiles.peak.note).toBe('about 100 requests/s, 1 in 10 above 120; 20 are allowed');
  });

  it('call nothing a bound that is more likely exceeded than not', () => {
    const low = { ...status, decision: { ...status.decision, askedLevel: 0.2 } };
    expect(tileWords(low, { outcome: good, peak, nowSeconds }).planned.note).toBe(
      'within the next 3m 10s; more would serve better than was promised',
    );
  });

  it('say what is left of the budget, or by how much it is overspent, in colour and words', () => {
    expect(tileWords(status, { outcome: good, peak, nowSeconds }).service.note).toBe(
      'promised 99% of the time; 40% of the short time it allows is left',
    );
    const bad = tileWords(status, {
      outcome: outcomeOf(-0.5, served(9000, 1), served(9000, 1)),
      peak,
      nowSeconds,
    });
    expect(bad.service).toMatchObject({
      tone: 'bad',
      note: expect.stringContaining('50% more than it allows was short'),
    });
  });

  it('say what was saved beside the reactive rule, and what it cost', () => {
    expect(tileWords(status, { outcome: good, peak, nowSeconds }).saved).toEqual({
      value: '9h less short',
      note: 'with 100 fewer replica-hours than the reactive rule’s 1,000',
      tone: 'good',
    });
    const worse = outcomeOf(0.1, served(36_000, 1100), served(3600, 1000));
    expect(tileWords(status, { outcome: worse, peak, nowSeconds }).saved).toMatchObject({
      value: '9h more short',
      note: 'with 100 more replica-hours than the reactive rule’s 1,000',
      tone: 'bad',
    });
  });

  it('warn of a peak that needs more replicas than are allowed', () => {
    const tiles = tileWords(status, {
      outcome: good,
      peak: { ...peak, replicas: 24, isAboveMax: true },
      nowSeconds,
    });
    expect(tiles.peak).toMatchObject({ tone: 'bad', note: expect.stringContaining('maxReplicaCount is 20') });
  });

  it('say what is not known as words, not as zero', () => {
    const nothing = { ...status, decision: null, observed: null, replicasAsked: null, replicas: null };
    const tiles = tileWords(nothing, { outcome: { windows: [] }, peak: undefined, nowSeconds });
    expect(Object.entries(tiles).map(([name, { value }]) => [name, value])).toEqual([
      ['observed', '–'],
      ['signal', '–'],
      ['planned', '–'],
      ['replicas', '–'],
      ['lead', '2m'],
      ['service', '–'],
      ['peak', '–'],
      ['saved', '–'],
    ]);
    expect(tiles.signal.note).toBe('KEDA gets an error');
    expect(tiles.planned.note).toBe('nothing is served');
  });

  it('name the day of a peak that is not today, also where nothing is served', () => {
    const tomorrow = { ...peak, t: nowSeconds + 86_400 };
    const tiles = tileWords(
      { ...status, decision: null, observed: null },
      { outcome: good, peak: tomorrow, nowSeconds },
    );
    expect(tiles.peak.value).toMatch(/^\p{L}+ \d\d:\d\d: 12 replicas$/u);
  });
});

describe('the words for recent forecasts', () => {
  const horizon = (changed = {}) => ({
    horizonSeconds: 300,
    count: 10,
    wape: 0.039,
    relativeToPersistence: 0.25,
    distrust: [],
    ...changed,
  });
  const words = (changed = {}) =>
    accuracyWords(
      { horizons: [horizon(changed), horizon({ horizonSeconds: 7200, wape: 0.5 })] },
      status.decision,
    );

  it('judge them beside assuming no change', () => {
    expect(words()).toBe(
      'Recent forecasts are good: off by 3.9% on average 5m ahead, 75% better than assuming no change.',
    );
    expect(words({ relativeToPersistence: 0.9 })).toContain('are fair: ');
    expect(words({ relativeToPersistence: 1.01 })).toContain('no better than assuming no change');
    expect(words({ relativeToPersistence: 1.5 })).toMatch(/are poor: .*worse than assuming no change/);
    expect(words({ distrust: ['worse-than-persistence'] })).toContain('are poor: ');
  });

  it('are none before a forecast has come due', () => {
    expect(accuracyWords({ horizons: [horizon({ count: 0 })] }, status.decision)).toBe('');
    expect(accuracyWords({ horizons: [horizon()] }, null)).toBe('');
  });
});
