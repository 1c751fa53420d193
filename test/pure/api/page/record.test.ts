import { describe, expect, it } from 'vitest';
import {
  changesAround,
  changesOf,
  keptSignals,
  recordLines,
} from '../../../../src/api/page/workload/record.js';

const decisionAt = (at: number, changed = {}) => ({
  at,
  signal: 100,
  replicasAsked: 10,
  replicas: 9,
  expectedPeak: 80,
  predictedPeak: 95,
  windowSeconds: 120,
  came: 90,
  ...changed,
});

describe('the lines of the record', () => {
  it('draw what was forecast where it came due, and not beyond now', () => {
    const decisions = [0, 60, 120, 180].map((at) => decisionAt(at, { expectedPeak: at }));
    const lines = recordLines(decisions, { stepSeconds: 60, nowSeconds: 200 });
    expect(lines.signal.x).toEqual([0, 60, 120, 180]);
    expect(lines.expected).toEqual({ x: [120, 180], y: [0, 60] });
    expect(lines.bound).toEqual({ x: [120, 180], y: [95, 95] });
  });

  it('have gaps where nothing was served and where nothing is on record', () => {
    const decisions = [decisionAt(0), decisionAt(60, { signal: null }), decisionAt(600)];
    const { signal } = recordLines(decisions, { stepSeconds: 60, nowSeconds: 700 });
    expect(signal).toEqual({ x: [0, 60, 120, 600], y: [100, null, null, 100] });
  });

  it('rise in time where the decision window becomes shorter', () => {
    const decisions = [decisionAt(0, { windowSeconds: 300 }), decisionAt(60), decisionAt(240)];
    const { bound } = recordLines(decisions, { stepSeconds: 240, nowSeconds: 900 });
    expect(bound.x).toEqual([300, 360]);
  });
});

describe('how often KEDA was told enough', () => {
  it('counts decisions of which the outcome is known', () => {
    const decisions = [decisionAt(0), decisionAt(60, { came: 101 }), decisionAt(120, { came: null })];
    expect(keptSignals(decisions)).toEqual({ count: 2, share: 0.5 });
    expect(keptSignals([])).toEqual({ count: 0, share: null });
  });
});

describe('the changes of replicas', () => {
  const asked = [10, 10, 12, 12, null, 11].map((replicasAsked, index) =>
    decisionAt(60 * index, { replicasAsked }),
  );

  it('are the decisions that asked for another number, newest first', () => {
    const changes = changesOf(asked);
    expect(changes.map(({ at, from, to }) => [at, from, to])).toEqual([
      [300, null, 11],
      [240, 12, null],
      [120, 10, 12],
    ]);
  });

  it('are found before and after a moment', () => {
    const changes = changesOf(asked);
    expect(changesAround(changes, 240)).toMatchObject({ earlier: { at: 120 }, later: { at: 300 } });
    expect(changesAround(changes, 60)).toMatchObject({ earlier: undefined, later: { at: 120 } });
    expect(changesAround(changes, 400)).toMatchObject({ earlier: { at: 300 }, later: undefined });
  });
});
