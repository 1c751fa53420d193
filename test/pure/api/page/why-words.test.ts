import { describe, expect, it } from 'vitest';
import { presentWhy, recordedWhy } from '../../../../src/api/page/workload/why/why-words.js';

const recorded = {
  at: 1000,
  signal: 143,
  replicasAsked: 15,
  threshold: 10,
  observed: 92,
  expectedPeak: 110,
  predictedPeak: 132,
  came: 120,
  windowSeconds: 180,
  askedLevel: 0.99,
  trust: 1,
};
const explanation = {
  recorded,
  rule: 'demand was 92, and the forecast decided',
  summary: 'summary',
  outcome: 'Demand then reached 120 within 3m',
  parts: [
    { value: 92, meaning: 'demand that was observed' },
    { value: 40, meaning: 'what the forecast adds to it' },
    { value: 11, meaning: 'tolerance' },
    { value: 0, meaning: 'taken off' },
  ],
  boundParts: [
    { value: 150, meaning: 'typical demand' },
    { value: -18, meaning: 'what the time of day adds' },
  ],
};

describe('why KEDA was told its value', () => {
  const why = recordedWhy(explanation, 'requests/s', false);

  it('is one sentence with replicas, rule and what came', () => {
    expect(why.title).toBe('Why 15 replicas?');
    expect(why.sentence).toBe(
      'KEDA was told 143 requests/s, which is 15 replicas at 10 requests/s each: demand was 92, and the forecast decided. Demand then reached 120 within 3m.',
    );
  });

  it('shows the parts that add up, without those that are nothing', () => {
    expect(why.sums).toMatchObject([
      {
        caption: 'Told to KEDA: 143 requests/s',
        rows: [{ amount: '92' }, { amount: '+40' }, { amount: '+11' }],
      },
      {
        caption: 'Planned for: 132 requests/s',
        rows: [
          { amount: '150', share: 1 },
          { amount: '−18', share: -0.12 },
        ],
      },
    ]);
  });

  it('shows what came, or that it is not known yet', () => {
    const factsOf = (changed: object) =>
      Object.fromEntries(
        recordedWhy({ ...explanation, recorded: { ...recorded, ...changed } }, 'rps', false).facts,
      );
    expect(factsOf({})).toMatchObject({ 'Highest that came within 3m': '120 rps', Observed: '92 rps' });
    expect(factsOf({ came: null })).toMatchObject({ 'Highest that came within 3m': 'not known yet' });
    expect(Object.keys(factsOf({ predictedPeak: null, expectedPeak: null, trust: null }))).toEqual([
      'Observed',
    ]);
  });

  it('says so where KEDA got an error', () => {
    const none = {
      ...recorded,
      signal: null,
      replicasAsked: null,
      observed: null,
      predictedPeak: null,
      expectedPeak: null,
      trust: null,
    };
    const nothing = recordedWhy(
      { ...explanation, rule: null, recorded: none, parts: [], boundParts: [] },
      '',
      false,
    );
    expect(nothing).toMatchObject({
      title: 'Why was nothing served?',
      sentence: 'summary',
      sums: [],
      facts: [],
    });
  });

  it('explains the newest decision without a record', () => {
    const forecast = {
      value: 132,
      components: [
        { name: 'level', value: 100, meaning: 'typical demand' },
        { name: 'event', value: 0, meaning: 'nothing' },
        { name: 'safetyMargin', value: 32, meaning: 'for surprises' },
      ],
    };
    const present = presentWhy({ summary: 'KEDA is told 143.', replicasAsked: 15, forecast }, 'rps');
    expect(present).toMatchObject({ title: 'Why 15 replicas now?', sentence: 'KEDA is told 143.' });
    expect(present.sums).toMatchObject([
      {
        caption: 'Planned for: 132 rps',
        rows: [
          { amount: '100', meaning: 'typical demand' },
          { amount: '+32', meaning: 'for surprises' },
        ],
      },
    ]);
    const decision = { askedFactor: 0.75 };
    const lowered = presentWhy({ summary: 's', replicasAsked: 10, decision, forecast }, 'rps');
    expect(lowered.sums).toMatchObject([
      { caption: 'Planned for: 99 rps', rows: [{ amount: '100' }, { amount: '+32' }, { amount: '−33' }] },
    ]);
    const learning = presentWhy(
      { summary: 's', replicasAsked: null, forecast: { value: null, components: [] } },
      '',
    );
    expect(learning).toMatchObject({ title: 'Why is nothing served?', sums: [] });
    const failing = presentWhy({ summary: 's', replicasAsked: null, forecast }, 'rps');
    expect(failing.sums).toEqual([]);
  });
});
