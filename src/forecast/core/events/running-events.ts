import { daySeconds } from '../clock/grid.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { CalendarEvent } from '../contract.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { DayClock } from './day-clock.ts';
import { type EarlyEvent, EarlyEvents } from './early-events.ts';
import { KindMemory, type LearnedTimes } from './kind-memory.ts';
import { Occurrence, parts } from './occurrence.ts';
import { OrdinaryDays } from './ordinary-days.ts';

/** Share of an event that must have been observed so that its kind learns from it. */
const enoughObserved = 0.5;
/** An event as long as this has the parts of the day, a shorter one parts of its own. */
const dayLongSeconds = 0.75 * daySeconds;
/** An event before it was known what is usual is compared with it so much later, when most moments of the week came twice. */
const comparedAfterSeconds = 14 * daySeconds;
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
  const early = new EarlyEvents();
  let current: { readonly event: CalendarEvent; readonly occurrence: Occurrence } | undefined;

  function memoryOf({ kind, effect }: CalendarEvent): KindMemory {
    const known = kinds.get(kind);
    if (known !== undefined) return known;
    const made = new KindMemory(effect.type === 'learned' && effect.like !== undefined);
    kinds.set(kind, made);
    return made;
  }

  /** How much of the event, or of the day of a long one, has passed: from 0 on and below 1. */
  function passedOf(event: CalendarEvent, gridTime: number): number {
    if (isDayLong(event)) return clock.shareOfDay(gridTime, event);
    const share = (clock.middleOf(gridTime) - event.startSeconds) / (event.endSeconds - event.startSeconds);
    return Math.min(1 - Number.EPSILON, Math.max(0, share));
  }

  const partOf = (event: CalendarEvent, gridTime: number) => Math.floor(parts * passedOf(event, gridTime));

  const noiseOf = (event: CalendarEvent) =>
    isDayLong(event)
      ? ordinary.variances.map((_, part) => ordinary.variances[clock.localPart(part, event)]!)
      : ordinary.meanVariances();

  /** The occurrence of the event of a number, of which nothing is known. */
  function occurrenceOf(event: number): Occurrence {
    const { name, startSeconds, endSeconds } = calendar[event] ?? noEvent;
    return new Occurrence({
      event,
      name,
      steps: Math.min(daySteps, (endSeconds - startSeconds) / gridSeconds),
    });
  }

  /** Learns an event that is over, where enough of it was observed. */
  function teach(event: CalendarEvent, occurrence: Occurrence): void {
    if (occurrence.observedShare >= enoughObserved) memoryOf(event).learn(occurrence, noiseOf(event));
  }

  function learnStep(
    event: CalendarEvent,
    occurrence: Occurrence,
    at: readonly [number, number],
    base: number,
    root: number,
  ): void {
    const [gridTime, step] = at;
    const away = base * clock.awayFrom(event, gridTime, step);
    occurrence.learn(partOf(event, gridTime), base, away, root);
  }

  function compare({ event: number, gridTimes, steps, roots }: EarlyEvent): void {
    const event = calendar[number] ?? noEvent;
    const occurrence = occurrenceOf(number);
    for (const [i, root] of roots.entries())
      learnStep(event, occurrence, [gridTimes[i]!, steps[i]!], clock.usualRoot(steps[i]!), root);
    teach(event, occurrence);
  }

  return {
    ordinary,
    copyState(copier: StateCopier): void {
      ordinary.copyState(copier);
      early.copyState(copier);
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
    /** Follows which event takes place at a grid time; one that is over teaches its kind. */
    follow(event: CalendarEvent | undefined, gridTime: number): void {
      const over = clock.knowsUsual ? early.takeBefore(gridTime - comparedAfterSeconds) : undefined;
      if (over !== undefined) compare(over);
      if (current?.event === event) return;
      if (current !== undefined) teach(current.event, current.occurrence);
      current = event && { event, occurrence: occurrenceOf(calendar.indexOf(event)) };
    },
    /** Learns what came at a step of the event, a root, beside what is usual then. */
    learn(gridTime: number, step: number, root: number): void {
      if (current === undefined) return;
      const { event, occurrence } = current;
      if (!clock.knowsUsual || early.has(occurrence.event))
        early.keep(occurrence.event, gridTime, step, root);
      else learnStep(event, occurrence, [gridTime, step], clock.usualRoot(step) * ordinary.level, root);
    },
    /** Number of events that were learned of its kind, the newest. */
    seenOf: (event: CalendarEvent): number => kinds.get(event.kind)?.count ?? 0,
    /** What an event does at a step. */
    timesAt(event: CalendarEvent, gridTime: number, step: number): LearnedTimes {
      const away = clock.awayFrom(event, gridTime, step);
      const own = current?.event === event ? current.occurrence : undefined;
      const memory = memoryOf(event);
      const asked = { name: event.name, own, away };
      // Between the middles of two parts one effect turns into the other, so that none jumps from one step to the next.
      const middle = Math.min(parts - 1, Math.max(0, parts * passedOf(event, gridTime) - 0.5));
      const before = memory.timesOf(Math.floor(middle), asked);
      const after = memory.timesOf(Math.ceil(middle), asked);
      const between = (from: number, to: number) => from + (middle - Math.floor(middle)) * (to - from);
      return {
        expected: between(before.expected, after.expected),
        held: between(before.held, after.held),
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

const isDayLong = ({ startSeconds, endSeconds }: CalendarEvent) =>
  endSeconds - startSeconds >= dayLongSeconds;
