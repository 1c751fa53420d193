import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../../../src/api/answers/events/changes.ts';
import { mergedEvents, newestOfEach } from '../../../../../src/api/answers/events/event-list.ts';
import { type Event, longestMessage } from '../../../../../src/api/schemas/events.ts';
import {
  type RecordedDecision,
  reactiveReason,
  type ServedDecision,
} from '../../../../../src/forecast/index.ts';
import { decisions } from '../../../scaler/record/some-decisions.ts';

const [trusted] = decisions(1) as [ServedDecision];
const served = (more: Partial<ServedDecision>): ServedDecision => ({ ...trusted, ...more });
const lost: RecordedDecision = { kind: 'none', atSeconds: 1, reasons: ['did not answer within 5 s'] };
const blind = served({ fresh: false, fallbackReasons: ['no fresh observation for 31 s'] });
const distrusted = served({ trust: 0.4, fallbackReasons: ['it cost more'] });
const learning = served({
  trust: undefined,
  predictedPeak: undefined,
  fallbackReasons: ['has 6 hours of history'],
});
const reactive = served({ fallbackReasons: [reactiveReason] });
const kinds = (before: RecordedDecision, after: RecordedDecision) =>
  changesBetween(before, after).map(({ kind }) => kind);

describe('what changed between two decisions', () => {
  it.each([
    [
      trusted,
      lost,
      'unavailable',
      'KEDA gets an error now and keeps the replicas, or its fallback acts: did not answer within 5 s',
    ],
    [
      trusted,
      blind,
      'blind',
      'There is no fresh data any more, and the value is not lowered: no fresh observation for 31 s',
    ],
    [blind, trusted, 'recovered', 'There is fresh data again'],
    [lost, distrusted, 'recovered', 'There is fresh data again'],
    [trusted, distrusted, 'trust-lost', 'The forecast keeps only a part of its influence: it cost more'],
    [distrusted, trusted, 'trust-regained', 'The forecast has all its influence again'],
    [learning, trusted, 'forecast-ready', 'There is a forecast now, and it decides'],
    [trusted, learning, 'forecast-lost', 'There is no forecast any more: has 6 hours of history'],
    [trusted, reactive, 'reactive', 'The mode is reactive now: the observed demand is served'],
    [reactive, trusted, 'active', 'The mode is active again: the forecast may decide'],
    [trusted, served({ threshold: 12 }), 'trigger-changed', 'The trigger was changed: threshold 10 → 12'],
    [
      trusted,
      served({ wanted: 900, signal: 400 }),
      'cap-applied',
      'The forecast asks for 900, which is implausible by the history: 400 is served',
    ],
    [
      served({ wanted: 900, signal: 400 }),
      trusted,
      'cap-ended',
      'The forecast is plausible by the history again, and no longer cut',
    ],
  ])('%# is told once, in a sentence', (before, after, kind, message) => {
    expect(changesBetween(before, after)).toEqual([{ kind, message }]);
    expect(kinds(after, after)).toEqual([]);
  });
});

it('a workload that was just opened has not lost anything, and finds nothing again', () => {
  expect(kinds({ kind: 'none', atSeconds: 0, reasons: ['nothing has been observed yet'] }, learning)).toEqual(
    [],
  );
});

describe('the events of several replicas', () => {
  const event = (at: number, more: Partial<Event> = {}): Event => ({
    ...{ at, namespace: 'shop', name: 'web', trigger: 'a1', kind: 'blind', message: 'dark' },
    ...more,
  });

  it('are told once, at their first time, oldest first', () => {
    const merged = mergedEvents([
      [event(100), event(500)],
      [event(104), event(120, { kind: 'recovered' }), event(103, { name: 'other' })],
    ]);
    expect(merged.map(({ at }) => at)).toEqual([100, 103, 120, 500]);
  });

  it('are told as often as one of them noticed, and the kill switch each way', () => {
    const flaps = [event(100), event(130)];
    expect(mergedEvents([flaps, flaps.map(({ at, ...more }) => ({ ...more, at: at + 2 }))])).toHaveLength(2);
    const server = { namespace: null, name: null, trigger: null, kind: 'mode-switched' } as const;
    const switches = [event(100, { ...server, message: 'on' }), event(105, { ...server, message: 'off' })];
    expect(mergedEvents([switches, switches]).map(({ message }) => message)).toEqual(['on', 'off']);
  });
});

it('has a message that peers take, however much a source says', () => {
  const loud: RecordedDecision = { kind: 'none', atSeconds: 1, reasons: ['x'.repeat(5_000)] };
  const [change] = changesBetween(trusted, loud);
  expect(change?.message.length).toBeGreaterThan(500);
  expect(change?.message.length).toBeLessThanOrEqual(longestMessage);
});

describe('the newest events', () => {
  const of = (namespace: string | null, at: number): Event => ({
    ...{ at, namespace, name: 'web', trigger: 'a1' },
    ...{ kind: 'blind', message: '' },
  });

  it('leave to each namespace its own, when another one has more than all have room for', () => {
    const noise = Array.from({ length: 1_000 }, (_, index) => of('noisy', index + 10));
    const events = [of('shop', 1), of(null, 2), of('bank', 3), ...noise];
    const kept = newestOfEach(events, 100);
    expect(kept).toHaveLength(100);
    expect(kept.slice(0, 3).map(({ namespace }) => namespace)).toEqual(['shop', null, 'bank']);
    expect(kept.slice(3)).toEqual(noise.slice(-97));
  });

  it('are the newest of each where all have many, and all of them where there is room', () => {
    const events = Array.from({ length: 30 }, (_, index) => of(index % 2 ? 'a' : 'b', index));
    expect(newestOfEach(events, 10)).toEqual(events.slice(-10));
    expect(newestOfEach(events, 30)).toEqual(events);
  });
});
