import { describe, expect, it } from 'vitest';
import type { RecordQuestion } from '../../../../src/api/peers.ts';
import { readRecordAnswer } from '../../../../src/server/peers/record-answer.ts';

const key = { namespace: 'shop', name: 'web', trigger: 'a1' };
const [from, to] = [1_767_690_000, 1_767_693_600];
const span: RecordQuestion = {
  ...{ kind: 'span', key, fromSeconds: from, toSeconds: to },
  ...{ stepSeconds: null, limit: 2 },
};
const at: RecordQuestion = { kind: 'at', key, atSeconds: from };
const events: RecordQuestion = { kind: 'events', sinceSeconds: from };
const triggers: RecordQuestion = { kind: 'triggers', namespace: 'shop', name: 'web' };

const row = (atSeconds: number, madeSeconds = atSeconds) => ({
  atSeconds,
  decision: { kind: 'none', atSeconds: madeSeconds, reasons: [] },
  precision: 'exact',
});
const event = (seconds: number) => ({
  ...{ at: seconds, namespace: 'shop', name: 'web', trigger: 'a1' },
  ...{ kind: 'blind', message: 'nothing fresh' },
});
const read = (question: RecordQuestion, answer: object) => readRecordAnswer(question, JSON.stringify(answer));

describe('an answer of a peer from its record', () => {
  it.each([
    ['decisions of the span', span, { kept: 'file', rows: [row(from), row(to)], nextSeconds: to }],
    ['the decision in force', at, { kept: 'memory', rows: [row(from, from - 20)] }],
    ['what it noticed', events, { events: [event(from)] }],
    ['triggers', triggers, ['0a1b2c3d']],
  ] as const)('is taken where it tells %s', (_, question, answer) => {
    expect(read(question, answer)).toEqual(answer);
  });

  it.each([
    ['that the rest begins where it was asked to begin', span, { kept: 'file', rows: [], nextSeconds: from }],
    ['that the rest begins before', span, { kept: 'file', rows: [row(from)], nextSeconds: 0 }],
    ['decisions before the span', span, { kept: 'file', rows: [row(from - 1)] }],
    ['decisions after the span', span, { kept: 'file', rows: [row(to + 1)] }],
    ['more than was asked for', span, { kept: 'file', rows: [row(from), row(from + 1), row(to)] }],
    ['a decision that no clock can have made', span, { kept: 'file', rows: [row(from, 1e300)] }],
    ['a record that begins at no time', span, { kept: 'file', rows: [], oldestSeconds: 1e300 }],
    ['a decision of another moment', at, { kept: 'file', rows: [row(from + 1)] }],
    ['events of before', events, { events: [event(from - 1)] }],
    ['events of no time', events, { events: [event(1e300)] }],
    ['triggers that are none', triggers, ['\u001b[2J']],
  ] as const)('is no answer where it tells %s', (_, question, answer) => {
    expect(() => read(question, answer)).toThrow('of another version');
  });
});
