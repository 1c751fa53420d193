import { changesSince, type DecisionOutline, outlineOf } from '../api/answers/events/changes.ts';
import { newestOfEach } from '../api/answers/events/event-list.ts';
import type { ModeSwitched } from '../api/peers.ts';
import type { Event, EventKind } from '../api/schemas/events.ts';
import type { RecordedDecision, RecordKey } from '../forecast/index.ts';
import { systemClock } from '../platform/clock.ts';

/** Events that are kept, newest last. */
const mostEvents = 5_000;
/** Events after which the kept ones are cut. */
const mostFresh = 1_000;

/** Takes decisions of workloads. */
export interface Noting {
  note(key: RecordKey, decision: RecordedDecision): void;
}

/** Hands each decision to both. */
export function noteBoth(one: Noting, two: Noting): Noting {
  return {
    note(key, decision) {
      one.note(key, decision);
      two.note(key, decision);
    },
  };
}

/** The newest events of all workloads and of the server, in memory. */
export interface EventLog extends Noting {
  /** Takes a switch of the kill switch. */
  noteSwitch(switched: ModeSwitched): void;
  /** Takes what happened to a calendar, in words. */
  noteCalendar(kind: Extract<EventKind, `calendar-${string}`>, message: string): void;
  since(seconds: number): readonly Event[];
}

const switchWords = {
  active: 'The kill switch was turned off: the forecasts may decide',
  reactive: 'The kill switch was turned on: every signal is the observed demand',
} as const satisfies Record<ModeSwitched['mode'], string>;

/** Most workloads of whose last decision an outline is remembered: `mostWorkloads`; the one that was longest silent goes first. */
export function createEventLog(mostWorkloads: number): EventLog {
  const newest = new Map<string, DecisionOutline>();
  let events: readonly Event[] = [];
  /** Those since they were cut. */
  let fresh: Event[] = [];

  function add(...some: readonly Event[]): void {
    fresh.push(...some);
    // Cut seldom, because cutting copies.
    if (fresh.length < mostFresh) return;
    events = newestOfEach([...events, ...fresh], mostEvents);
    fresh = [];
  }

  return {
    note({ namespace, name, trigger }, decision) {
      const id = `${namespace}/${name}/${trigger}`;
      const before = newest.get(id);
      newest.delete(id);
      newest.set(id, outlineOf(decision, before));
      const [silent] = newest.keys();
      if (newest.size > mostWorkloads && silent !== undefined) newest.delete(silent);
      if (before === undefined) return;
      const changes = changesSince(before, decision);
      add(...changes.map((change) => ({ at: decision.atSeconds, namespace, name, trigger, ...change })));
    },
    noteSwitch({ at, mode }) {
      const message = switchWords[mode];
      add({ at, namespace: null, name: null, trigger: null, kind: 'mode-switched', message });
    },
    noteCalendar(kind, message) {
      add({ at: systemClock(), namespace: null, name: null, trigger: null, kind, message });
    },
    since: (seconds) => newestOfEach([...events, ...fresh], mostEvents).filter(({ at }) => at >= seconds),
  };
}
