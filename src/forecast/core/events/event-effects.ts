import { daySeconds } from '../clock/grid.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { LocalAxis } from '../clock/local-axis.ts';
import type { CalendarEvent, ExpectedEvent } from '../contract.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { createBelievedPath, type Effect } from './believed-path.ts';
import { createDayClock } from './day-clock.ts';
import type { BelievedHorizon } from './event-belief.ts';
import { boundedTogether, givenTimes } from './given-times.ts';
import { withoutHabits } from './habits.ts';
import { RecentTimes } from './recent-times.ts';
import { createRunningEvents } from './running-events.ts';
import { inOrder, type Segment, segmentsOf, shareAt } from './segments.ts';
import { patienceAfter, ShownShare } from './shown-share.ts';

/** What is longer than this is learned as ordinary demand from then on: it is how demand is for weeks. */
const longestSeconds = 3 * daySeconds;
/** How far an ordinary moment is from what is usual at most, as a square: so many times the variance of such moments. */
const plausibleSquare = 9;
/** Moments of an event at which its effect is asked for to say what it does as a whole. */
const outlookMoments = 12;
/** An ordinary day is not taken to have more than this many times what is usual, as a root. */
const mostAboveUsual = 1.4;
/** How long a path keeps to where the newest value left it, before it follows the effect as it is known now: a time constant. */
const continuedSeconds = 6 * 3600;
/** The most that the newest value may be from the effect as it is known now, as a root. */
const mostContinued = 1.5;

export type EventEffects = ReturnType<typeof createEventEffects>;

/** An event at a moment. */
export interface ToldEvent {
  readonly name: string;
  readonly type: CalendarEvent['effect']['type'];
  /** Demand over that of an ordinary day, as it was foreseen; 1 = the same. */
  readonly ratio: number;
  /** Earlier events of its kind that its effect was learned from. */
  readonly occurrences: number;
}

/** What an engine tells of itself. */
interface Surroundings {
  readonly lengths: Lengths;
  readonly axis: LocalAxis | undefined;
  readonly inputs: Pick<ExpertInputs, 'context' | 'step' | 'rootAt' | 'replace'>;
  /** The local step at which the value h real steps ahead is read, from the newest value on. */
  readonly localStep: (h: number) => number;
  readonly horizons: readonly BelievedHorizon[];
}

/**
 * What events do to demand. Experts are shown what an ordinary day would have had and predict ordinary days; here the one is made of
 * what came, and the other is turned into what is expected. Values are in the engine's unit, effects are square roots of ratios.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a factory that wires the parts of events; each part is a file of its own
export function createEventEffects(
  events: readonly CalendarEvent[],
  { lengths, axis, inputs, localStep, horizons }: Surroundings,
) {
  const { gridSeconds } = lengths;
  const calendar = inOrder(withoutHabits(events));
  const segments = segmentsOf(calendar);
  const ignored = segmentsOf(events.filter(({ effect }) => effect.type === 'ignored'));
  const clock = createDayClock(lengths, axis, inputs.context, calendar);
  const running = createRunningEvents(calendar, clock, lengths);
  const lately = new RecentTimes(gridSeconds);
  /** What the events of `shownIn`, which are those of the newest step, show of their effect. */
  const shown = new ShownShare(gridSeconds);
  let shownIn: Segment['events'] | undefined;
  let originSeconds = Number.NaN;
  /** Local step at which the run of event steps began that ends at the newest one; NaN = the newest is none. */
  let runFrom = Number.NaN;
  /** The effect at the step that was asked for last, and how far bounds may follow it: roots. */
  let expected = 1;
  let held = 1;
  /** The effect at the step that has begun. */
  let present = 1;
  /**
   * The effect that the newest value was freed of ÷ the effect at its step as it is known since, a root. What experts read was freed of
   * effects as they were known then. A path that begins there and follows what the event has shown since would count that twice.
   */
  let continued = 1;

  const ahead = { expected: 1, held: 1 };
  const segmentAt = (gridTime: number) => segments.at(clock.middleOf(gridTime));
  const isAsNow = (h: number) => segmentAt(originSeconds + h * gridSeconds)?.events === shownIn;
  const isNear = (h: number) =>
    segments.touches(clock.middleOf(originSeconds), originSeconds + h * gridSeconds);
  const { belief, ...path } = createBelievedPath({ lengths, horizons, effectAhead, isAsNow, isNear });

  function multiply(event: CalendarEvent, gridTime: number, step: number): void {
    const share = shareAt(event, clock.middleOf(gridTime));
    const { effect } = event;
    if (effect.type === 'ignored') return;
    const times = effect.type === 'given' ? givenTimes(effect) : running.timesAt(event, gridTime, step);
    expected *= times.expected ** share;
    held *= times.held ** share;
  }

  /** Finds the effect at a grid time, whose local step is `step`. */
  function effectAt(gridTime: number, step: number): void {
    expected = 1;
    held = 1;
    const here = segmentAt(gridTime)?.events;
    if (here === undefined || here.some(isIgnored)) return;
    for (const event of here) if (!isLearned(event)) multiply(event, gridTime, step);
    expected = boundedTogether(expected);
    held = boundedTogether(held);
    const learned = here.findLast(isLearned);
    if (learned !== undefined) multiply(learned, gridTime, step);
  }

  /** How far the events of now are expected to do what was foreseen, whatever they have shown, 0–1. */
  function patience(): number {
    const newest = shownIn?.reduce((latest, { startSeconds }) => Math.max(latest, startSeconds), -Infinity);
    return patienceAfter(clock.middleOf(originSeconds) - (newest ?? originSeconds));
  }

  /** Finds the effect h steps ahead, with what an event that takes place has shown so far. */
  function effectAhead(h: number): Effect {
    effectAt(originSeconds + h * gridSeconds, inputs.step + localStep(h));
    if (expected !== 1 && isAsNow(h)) {
      const patient = patience();
      const share = shown.ahead(h, patient);
      held **= patient + (1 - patient) * Math.min(1, share);
      expected **= share;
      expected *= continued ** Math.exp((-h * gridSeconds) / continuedSeconds);
      held = Math.max(held, expected);
    }
    ahead.expected = expected;
    ahead.held = held;
    return ahead;
  }

  /** Finds where the newest value, which came in an event, leaves the path. What a given effect does was said, and is not learned. */
  function continueFrom(came: number, ordinaryValue: number): void {
    if (!shownIn?.every(isLearned)) return;
    effectAhead(0);
    if (expected === 1 || !(came > 0 && ordinaryValue > 0)) return;
    const ratio = Math.sqrt(came / ordinaryValue) / expected;
    continued = Math.min(mostContinued, Math.max(1 / mostContinued, ratio));
  }

  /**
   * Puts what is usual into the place of what no ordinary day would have had, once an event is over, so that ordinary days are not
   * expected to repeat it.
   */
  function endRun(): void {
    for (let back = 1; inputs.step - back >= runFrom; back++) {
      const usual = clock.usualRoot(inputs.step - back) * running.ordinary.level;
      const variance = running.ordinary.variances[clock.partOfDay(originSeconds - back * gridSeconds)]!;
      const isPlausible = (inputs.rootAt(back) / usual - 1) ** 2 <= plausibleSquare * variance;
      if (!isPlausible && !Number.isNaN(usual)) inputs.replace(back, usual);
    }
    runFrom = Number.NaN;
    running.ordinary.breakOff();
  }

  /** Asks at moments spread over the event; where nothing was learned it does nothing. */
  function outlookOf(event: CalendarEvent): ExpectedEvent {
    const { effect, startSeconds, endSeconds } = event;
    if (effect.type === 'ignored') return { event, ratio: undefined, occurrences: undefined };
    if (effect.type === 'given') return { event, ratio: effect.ratio, occurrences: effect.occurrences };
    const occurrences = running.seenOf(event);
    if (occurrences === 0) return { event, ratio: 1, occurrences };
    let demand = 0;
    let ordinaryDemand = 0;
    for (let moment = 0; moment < outlookMoments; moment++) {
      const share = (moment + 0.5) / outlookMoments;
      const atSeconds = startSeconds + share * (endSeconds - startSeconds);
      const gridTime = Math.ceil(atSeconds / gridSeconds) * gridSeconds;
      const step = inputs.step + localStepsUntil(gridTime);
      const usual = clock.usualRoot(step) ** 2;
      // Moments weigh as much as they usually have demand; a hair keeps them even where it is not known, or none.
      const weight = (usual > 0 ? usual : 0) + Number.EPSILON;
      ordinaryDemand += weight;
      demand += weight * running.timesAt(event, gridTime, step).expected ** 2;
    }
    return { event, ratio: demand / ordinaryDemand, occurrences };
  }

  /** Local steps from the newest value to one that is farther ahead than any horizon. */
  const localStepsUntil = (gridTime: number) =>
    axis === undefined
      ? Math.round((gridTime - originSeconds) / gridSeconds)
      : axis.stepAt(gridTime) - axis.stepAt(originSeconds);

  const effects = {
    ...path,
    /** Whether the newest step is part of an event, so that ordinary days learn nothing from it. */
    isEvent: false,
    /** Whether nothing at all is learned from the newest step. */
    isIgnored: false,
    copyState(copier: StateCopier): void {
      running.copyState(copier);
      lately.copyState(copier);
      shown.copyState(copier);
      belief.copyState(copier);
      effects.isEvent = copier.flag(effects.isEvent);
      effects.isIgnored = copier.flag(effects.isIgnored);
      originSeconds = copier.number(originSeconds);
      continued = copier.number(continued);
      runFrom = copier.number(runFrom);
      shownIn = segmentAt(originSeconds)?.events;
    },
    /** Begins the step that closes at a grid time, before its value is learned. */
    begin(gridTime: number): void {
      const at = clock.middleOf(gridTime);
      const here = segments.at(at)?.events;
      effects.isIgnored = here?.some(isIgnored) ?? false;
      effects.isEvent = here?.some((event) => at - event.startSeconds < longestSeconds) ?? false;
      running.follow(
        effects.isIgnored
          ? undefined
          : here?.findLast((event) => isLearned(event) && shareAt(event, at) === 1),
        gridTime,
      );
      if (here !== shownIn) {
        shown.forget();
        belief.forget();
      }
      shownIn = here;
      effectAt(gridTime, inputs.step + localStep(1));
      present = expected;
    },
    /**
     * What the step that has begun would have had on an ordinary day. An effect that does not come is no reason to take ordinary
     * demand for lower than it lately is.
     */
    toOrdinary(value: number): number {
      if (present === 1) return value;
      const root = Math.sqrt(value);
      const usual = clock.usualRoot(inputs.step + localStep(1)) * lately.times;
      if (root > 0 && usual > 0) shown.learn(present, root / usual);
      const moved = root / present ** shown.ahead(0, 1);
      if (Number.isNaN(usual)) return moved ** 2;
      return present > 1
        ? Math.max(moved, Math.min(root, usual)) ** 2
        : Math.min(moved, Math.max(root, mostAboveUsual * usual)) ** 2;
    },
    /** Learns the step that has begun, after its ordinary value was pushed to the inputs; NaN = it is not known what came. */
    learn(gridTime: number, came: number, ordinaryValue: number): void {
      originSeconds = gridTime;
      continued = 1;
      const { step } = inputs;
      const usual = clock.usualRoot(step);
      const isKnown = !Number.isNaN(came) && !Number.isNaN(usual);
      if (isKnown) lately.learn(Math.sqrt(ordinaryValue), usual);
      if (effects.isEvent) {
        if (Number.isNaN(runFrom)) runFrom = step;
        if (isKnown) running.learn(gridTime, step, Math.sqrt(came));
        if (isKnown) continueFrom(came, ordinaryValue);
        return;
      }
      if (!Number.isNaN(runFrom)) endRun();
      if (isKnown) running.ordinary.learn(clock.partOfDay(gridTime), Math.sqrt(came), usual);
    },
    /** Whether a row of (from, to) is ignored. */
    ignoresWithin: ignored.touches,
    /** The events h ≥ 1 steps ahead, and what each of them does there. */
    toldAhead(h: number): ToldEvent[] {
      const gridTime = originSeconds + h * gridSeconds;
      return (segmentAt(gridTime)?.events ?? []).map((event) => {
        expected = 1;
        multiply(event, gridTime, inputs.step + localStep(h));
        const { name, effect } = event;
        return { name, type: effect.type, ratio: expected ** 2, occurrences: running.seenOf(event) };
      });
    },
    /** The events that are not over and begin before a time, and what each of them is expected to do over its length. */
    outlook: (untilSeconds: number): ExpectedEvent[] =>
      calendar
        .filter(({ startSeconds, endSeconds }) => endSeconds > originSeconds && startSeconds < untilSeconds)
        .map((event) => outlookOf(event)),
    /** Whether any event is within the next h steps. */
    isNear,
    /** The ratio that bounds may follow h ≥ 1 steps ahead, at least that which is expected. */
    heldRatioAhead: (h: number): number => effectAhead(h).held ** 2,
  };
  return effects;
}

const isIgnored = ({ effect }: CalendarEvent) => effect.type === 'ignored';
const isLearned = ({ effect }: CalendarEvent) => effect.type === 'learned';
