import { daySeconds } from '../clock/grid.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { CalendarEvent } from '../contract.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { DayClock } from './day-clock.ts';
import { KindMemory } from './kind-memory.ts';
import { Occurrence, parts } from './occurrence.ts';
import { OrdinaryDays } from './ordinary-days.ts';

/** Share of an event that must have been observed so that its kind learns from it. */
const enoughObserved = 0.5;
/** An event as long as this has the parts of the day, a shorter one parts of its own. */
const dayLongSeconds = 0.75 * daySeconds;
/** An effect is at least this many times ordinary demand, as a root. */
const leastTimes = 0.1;

/** How many times the demand of an ordinary day an event has, as roots. */
export interface LearnedTimes {
  readonly expected: number;
  /** As far down as bounds may follow. */
  readonly held: number;
}

/** The event that takes place, what it has shown, and what those of its kind have shown before. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a factory that closes over the event that takes place
export function createRunningEvents(
  calendar: readonly CalendarEvent[],
  clock: DayClock,
  { gridSeconds, shortSteps: daySteps }: Pick<Lengths, 'gridSeconds' | 'shortSteps'>,
) {
  const kindNames = [...new Set(calendar.map(({ kind }) => kind))].sort();
  const kinds = new Map<string, KindMemory>();
  const ordinary = new OrdinaryDays(daySteps);
  let current: { readonly event: CalendarEvent; readonly occurrence: Occurrence } | undefined;

  function memoryOf({ kind, effect }: CalendarEvent): KindMemory {
    const known = kinds.get(kind);
    if (known !== undefined) return known;
    const made = new KindMemory(effect.type === 'learned' && effect.like !== undefined);
    kinds.set(kind, made);
    return made;
  }

  function partOf(event: CalendarEvent, gridTime: number): number {
    if (isDayLong(event)) return clock.partOfDay(gridTime);
    const share = (clock.middleOf(gridTime) - event.startSeconds) / (event.endSeconds - event.startSeconds);
    return Math.min(parts - 1, Math.max(0, Math.floor(parts * share)));
  }

  const noiseOf = (event: CalendarEvent) =>
    isDayLong(event) ? ordinary.variances.slice() : ordinary.meanVariances();

  /** The occurrence of the event of a number, of which nothing is known. */
  function occurrenceOf(event: number): Occurrence {
    const { name, startSeconds, endSeconds } = calendar[event] ?? noEvent;
    return new Occurrence({
      event,
      name,
      steps: Math.min(daySteps, (endSeconds - startSeconds) / gridSeconds),
    });
  }

  return {
    ordinary,
    copyState(copier: StateCopier): void {
      ordinary.copyState(copier);
      for (const kind of kindNames) {
        if (!copier.flag(kinds.has(kind))) continue;
        const one = calendar.find((event) => event.kind === kind) ?? noEvent;
        memoryOf(one).copyState(copier, occurrenceOf);
      }
      const number = copier.number(current?.occurrence.event ?? -1);
      const event = calendar[number];
      if (event === undefined) return;
      current ??= { event, occurrence: occurrenceOf(number) };
      current.occurrence.copyState(copier);
    },
    /** Follows which event takes place; one that is over teaches its kind. */
    follow(event: CalendarEvent | undefined): void {
      if (current?.event === event) return;
      if (current !== undefined && current.occurrence.observedShare >= enoughObserved)
        memoryOf(current.event).learn(current.occurrence, noiseOf(current.event));
      current = event && { event, occurrence: occurrenceOf(calendar.indexOf(event)) };
    },
    /** Learns what came at a step of the event, a root, beside what is usual then. */
    learn(gridTime: number, step: number, root: number): void {
      if (current === undefined || !clock.knowsUsual) return;
      const base = clock.usualRoot(step) * ordinary.level;
      const away = base * clock.awayFrom(likenessOf(current.event), gridTime, step);
      current.occurrence.learn(partOf(current.event, gridTime), base, away, root);
    },
    /** What an event does at a step. */
    timesAt(event: CalendarEvent, gridTime: number, step: number): LearnedTimes {
      const memory = memoryOf(event);
      const part = partOf(event, gridTime);
      const away = clock.awayFrom(likenessOf(event), gridTime, step);
      const own = current?.event === event ? current.occurrence : undefined;
      const share = memory.shareOf(part, { name: event.name, own, noise: ordinary.variances });
      const expected = Math.max(leastTimes, 1 + share * away) * memory.timesOf(part);
      const worst = memory.worstOf(part);
      return {
        expected,
        held: Number.isNaN(worst) ? Math.max(1, expected) : Math.max(expected, Math.min(1, expected * worst)),
      };
    },
  };
}

const noEvent: CalendarEvent = {
  startSeconds: 0,
  endSeconds: 1,
  kind: '',
  name: '',
  effect: { type: 'ignored' },
};

const likenessOf = ({ effect }: CalendarEvent) => (effect.type === 'learned' ? effect.like : undefined);

const isDayLong = ({ startSeconds, endSeconds }: CalendarEvent) =>
  endSeconds - startSeconds >= dayLongSeconds;
