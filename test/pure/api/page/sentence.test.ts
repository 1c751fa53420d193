import { describe, expect, it } from 'vitest';
import { movementOf, sentenceOf } from '../../../../src/api/page/workload/sentence.js';

const decision = {
  at: 1000,
  fresh: true,
  basis: 'forecast',
  observed: 92,
  predictedPeak: 132,
  windowSeconds: 180,
  askedLevel: 0.99,
  askedFactor: 1,
  margin: 1.2,
};
const status = (changed = {}) => ({
  observed: { value: 92, at: 1000 },
  unit: 'requests/s',
  stepSeconds: 60,
  replicasAsked: 15,
  decision: { ...decision, ...changed },
});
/** A forecast with one point before the window ends, and one after. */
const forecast = (median: number) => ({
  points: [
    { t: 1060, median: 500 },
    { t: 1200, median },
  ],
});

describe('the sentence of a workload', () => {
  it('says what the bound is: of which span, within which time, and how often it is exceeded', () => {
    expect(sentenceOf(status(), forecast(70))).toBe(
      '15 replicas are asked for because a minute of up to 132 requests/s is possible within the next 3 minutes; 1 in 100 times it is more. Demand is 92 requests/s now and is expected to fall, to about 70 in 3 minutes.',
    );
  });

  it('says that more demand is coming only where more is expected', () => {
    expect(sentenceOf(status(), forecast(140))).toContain('more is coming: about 140 in 3 minutes');
    for (const median of [20, 70, 92, 96]) {
      expect(sentenceOf(status(), forecast(median))).not.toContain('more is coming');
    }
    expect(movementOf(status(), forecast(93))).toEqual({ expected: 93, trend: 'stays' });
    expect(sentenceOf(status(), forecast(93))).toContain('is expected to stay near that for 3 minutes');
  });

  it('calls nothing a bound that is more likely exceeded than not, or was lowered on purpose', () => {
    for (const changed of [{ askedLevel: 0.4 }, { askedFactor: 0.9 }]) {
      const said = sentenceOf(status(changed), forecast(92));
      expect(said).toContain('because 132 requests/s is planned for within the next 3 minutes.');
      expect(said).not.toContain('1 in');
    }
  });

  it.each([
    ['observed', /^15 replicas are asked for to carry the 92 requests\/s observed\./],
    ['margin', /with 20% to spare, which is more than the forecast asks for\./],
    ['headroom', /with the headroom of the reactive rule\./],
    [
      'last-good',
      /because the last good value is held while there is no forecast since a restart or an edit\./,
    ],
  ])('says what decided where it is the rule %s', (basis, words) => {
    expect(sentenceOf(status({ basis }), forecast(92))).toMatch(words);
  });

  it('says what is held while nothing is observed', () => {
    expect(sentenceOf(status({ basis: 'last-good', fresh: false }), forecast(92))).toMatch(
      /because the last good value is held while there is no fresh data\./,
    );
  });

  it('says nothing of where demand goes while nothing fresh is known, and nothing at all without a decision', () => {
    expect(sentenceOf(status({ fresh: false }), forecast(140))).not.toContain('Demand is');
    expect(sentenceOf(status(), { points: [] })).not.toContain('Demand is');
    expect(sentenceOf({ ...status(), decision: null }, forecast(140))).toBe('');
  });

  it('says how many replicas are there for the tolerance of the HPA alone', () => {
    const raised = {
      ...status({ basis: 'observed', wanted: 92, signal: 101 }),
      replicasAsked: 11,
      threshold: 10,
    };
    expect(sentenceOf(raised, forecast(92))).toMatch(
      /^11 replicas are asked for to carry the 92 requests\/s observed – 1 more than that needs, because the HPA ignores small differences\./,
    );
    expect(sentenceOf({ ...raised, replicasAsked: 10 }, forecast(92))).not.toContain('HPA');
  });

  it('speaks of one replica', () => {
    expect(sentenceOf({ ...status(), replicasAsked: 1 }, forecast(92))).toMatch(/^1 replica is asked for/);
  });
});
