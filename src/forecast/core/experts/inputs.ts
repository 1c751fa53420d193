import { mostLeapSteps } from '../clock/local-axis.ts';
import { IncidentRule } from '../hygiene/incident.ts';
import { Spikes } from '../hygiene/spikes.ts';
import type { ObservedHistory } from '../memory/observed-history.ts';
import { SlotMeans, usualAt } from '../memory/slot-means.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { ValueWindow } from '../memory/value-window.ts';
import { copyWindowState } from '../memory/window-state.ts';
import { createSeasonPattern } from '../seasons/season-pattern.ts';
import type { ExpertContext } from './expert.ts';
import { inSqrt, type Space } from './spaces.ts';

/** Weight of the newest day in what is usual at a moment of the day. */
const dayRate = 0.2;
/** Weight of the newest week in what is usual at a moment of the week. */
const weekRate = 0.25;
/** What is usual learns this many steps after the experts, so that they do not find their target in it. */
const usualLagsBehindSteps = 4;

/** How a step was known: by a value that stands in for it, by one of an ordinary day, or by one of an event. */
const unobserved = 0;
const ordinaryDay = 1;
const ofEvent = 2;

/** The lengths of an expert's context, and how much is remembered. */
export interface ExpertInputsOptions
  extends Pick<
    ExpertContext,
    'shortSeasonSteps' | 'longSeasonSteps' | 'horizonSteps' | 'settleSteps' | 'scratch'
  > {
  /** Number of values that are remembered. */
  readonly rememberedSteps: number;
}

export type ExpertInputs = ReturnType<typeof createExpertInputs>;

/**
 * What experts read: one place that is fed and that all of them share; it holds no value at first. Its steps follow local
 * clocks, so that nine in the morning is the same moment of the day all year.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a factory that wires what experts read; each part is a file of its own
export function createExpertInputs(options: ExpertInputsOptions) {
  const { shortSeasonSteps, longSeasonSteps, settleSteps } = options;
  const context = contextOf(options);
  const { sqrt, usualDay, usualWeek } = context;
  const behindSteps = settleSteps + usualLagsBehindSteps;
  /** How each step was known; as many of the newest as are looked back to, and those that clocks can take back. */
  const observed = new Uint8Array(behindSteps + 1 + mostLeapSteps(shortSeasonSteps));
  /** The farthest step so far. Below it, after clocks were set back, settled values have been learned already. */
  let farthestStep = -1;
  const spikes = new Spikes(sqrt, settleSteps, shortSeasonSteps, longSeasonSteps);
  const incidents = new IncidentRule(context);

  const stateOf = (back: number) =>
    inputs.step >= back ? observed[(inputs.step - back) % observed.length]! : unobserved;
  const wasObserved = (back: number) => stateOf(back) === ordinaryDay;

  /** A suspected incident is not learned for good; when it is over, what is usual replaces it. */
  function noteIncident(step: number, value: number, isOrdinary: boolean): void {
    const overSteps = incidents.note(step, Math.sqrt(value), isOrdinary);
    const suspects = Math.min(incidents.suspectSteps, behindSteps + 1);
    for (let back = 0; back < suspects; back++) observed[(step - back) % observed.length] = unobserved;
    for (let back = 0; back < overSteps; back++) inputs.replace(back, incidents.standIn(step - back));
  }

  const inputs = {
    context,
    /** Step of the newest value, from 0; −1 before the first. */
    step: -1,
    /** Whether the newest value was observed. */
    isObserved: false,
    /** Whether the value `settleSteps` before the newest was observed. */
    isSettledObserved: false,
    copyState(copier: StateCopier): void {
      inputs.step = copier.number(inputs.step);
      inputs.isObserved = copier.flag(inputs.isObserved);
      inputs.isSettledObserved = copier.flag(inputs.isSettledObserved);
      farthestStep = copier.number(farthestStep);
      copier.numbers(observed);
      for (const part of [usualDay, usualWeek, context.pattern, spikes, incidents]) part.copyState(copier);
    },
    /** Copies what experts see, beside what was observed. */
    copyWindows(copier: StateCopier, history: ObservedHistory): void {
      for (const [, window] of context.windows) copyWindowState(copier, window, history);
    },
    /** Adds the newest value; a missing one is imputed and not observed. One of an event teaches no season and no coefficient. */
    push(value: number, isObserved: boolean, isEvent = false): void {
      const step = ++inputs.step;
      farthestStep = Math.max(farthestStep, step);
      inputs.isObserved = isObserved;
      observed[step % observed.length] = isEvent ? ofEvent : isObserved ? ordinaryDay : unobserved;
      const shown = spikes.credible(step, Math.sqrt(value)) ** 2;
      for (const [space, window] of context.windows) window.push(space.fromValue(shown));
      if (settleSteps > 0) noteIncident(step, value, isObserved && !isEvent);
      spikes.cut(step);
      inputs.isSettledObserved = step === farthestStep && wasObserved(settleSteps);
    },
    /** What is usual at a step; NaN where that is not known. */
    usualAt: (step: number): number => usualAt(usualDay, usualWeek, step) ** 2,
    /** The square root of the value `back` steps before the newest; NaN where it is remembered no longer. */
    rootAt: (back: number): number =>
      sqrt.end - 1 - back >= sqrt.start ? sqrt.values[sqrt.end - 1 - back]! : Number.NaN,
    /** Puts a square root into the place of the value `back` steps before the newest. */
    replace(back: number, root: number): void {
      if (sqrt.end - 1 - back >= sqrt.start) sqrt.set(sqrt.end - 1 - back, root);
    },
    /** Takes the newest steps back, because clocks show them again. What was learned from them is not learned again. */
    takeBack(steps: number): void {
      const count = Math.min(steps, inputs.step + 1);
      inputs.step -= count;
      for (const [, window] of context.windows) window.takeBack(count);
    },
    /** Ends a step, after all experts have learned its value. */
    settle(): void {
      const { step } = inputs;
      if (step < behindSteps || step < farthestStep) return;
      const root = sqrt.values[sqrt.end - 1 - behindSteps]!;
      const learned = step - behindSteps;
      for (const usual of [usualDay, usualWeek]) {
        // An imputed value is learned only where nothing is known of the moment, one of an event where two seasons showed nothing else.
        const isTold = stateOf(behindSteps) !== ofEvent || learned >= 2 * usual.seasonSteps;
        if (wasObserved(behindSteps) || (isTold && Number.isNaN(usual.at(learned))))
          usual.learn(learned, root);
      }
    },
  };
  return inputs;
}

/** A context whose windows are empty: that of square roots, and one of each other space that an expert asks for. */
function contextOf(options: ExpertInputsOptions) {
  const { shortSeasonSteps, longSeasonSteps, rememberedSteps } = options;
  const sqrt = new ValueWindow(rememberedSteps);
  const windows: [Space, ValueWindow][] = [[inSqrt, sqrt]];
  return {
    ...options,
    sqrt,
    windows,
    usualDay: new SlotMeans(shortSeasonSteps, dayRate),
    usualWeek: new SlotMeans(longSeasonSteps, weekRate),
    pattern: createSeasonPattern(shortSeasonSteps),
    window(space: Space): ValueWindow {
      const known = windows.find(([other]) => other === space);
      if (known !== undefined) return known[1];
      const made = new ValueWindow(rememberedSteps);
      windows.push([space, made]);
      return made;
    },
  };
}
