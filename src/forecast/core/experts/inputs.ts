import { mostLeapSteps } from '../clock/local-axis.ts';
import { IncidentRule } from '../hygiene/incident.ts';
import { Spikes } from '../hygiene/spikes.ts';
import type { Scratch } from '../memory/scratch.ts';
import { SlotMeans } from '../memory/slot-means.ts';
import { createValueWindow, type ValueWindow } from '../memory/value-window.ts';
import { createSeasonPattern } from '../seasons/season-pattern.ts';
import type { ExpertContext } from './expert.ts';
import { inSqrt, type Space } from './spaces.ts';

/** Weight of the newest day in what is usual at a moment of the day. */
const dayRate = 0.2;
/** Weight of the newest week in what is usual at a moment of the week. */
const weekRate = 0.25;
/** What is usual learns this many steps after the experts, so that they do not find their target in it. */
const usualLagsBehindSteps = 4;

export interface ExpertInputsOptions {
  /** Length of the day. */
  readonly shortSeasonSteps: number;
  /** Length of the week; 0 = there is none. */
  readonly longSeasonSteps: number;
  /** The farthest horizon that experts will be asked for. */
  readonly horizonSteps: number;
  /** A value is settled after this many steps, when a spike in it has been cut. 0 = at once, and no spike is cut. */
  readonly settleSteps: number;
  /** Number of values that are remembered. */
  readonly rememberedSteps: number;
  /** Working memory of one call. */
  readonly scratch: Scratch;
}

/**
 * What experts read: one place that is fed and that all of them share. Its steps follow local clocks, so that nine in the
 * morning is the same moment of the day all year.
 */
export interface ExpertInputs {
  readonly context: ExpertContext;
  /** Step of the newest value, from 0; −1 before the first. */
  readonly step: number;
  /** Whether the newest value was observed. */
  readonly isObserved: boolean;
  /** Whether the value `settleSteps` before the newest was observed. */
  readonly isSettledObserved: boolean;
  /** Adds the newest value; a missing one is imputed and not observed. */
  push(value: number, isObserved: boolean): void;
  /** Takes the newest steps back, because clocks show them again. What was learned from them is not learned again. */
  takeBack(steps: number): void;
  /** Ends a step, after all experts have learned its value. */
  settle(): void;
}

/** Creates inputs that hold no value. */
export function createExpertInputs(options: ExpertInputsOptions): ExpertInputs {
  const { shortSeasonSteps, longSeasonSteps, settleSteps, rememberedSteps } = options;
  const sqrt = createValueWindow(rememberedSteps);
  const windows = createWindows(sqrt, rememberedSteps);
  const usualDay = new SlotMeans(shortSeasonSteps, dayRate);
  const usualWeek = new SlotMeans(longSeasonSteps, weekRate);
  const behindSteps = settleSteps + usualLagsBehindSteps;
  // The steps that are looked back to, and those that clocks can take back.
  const observed = createObservedSteps(behindSteps + 1 + mostLeapSteps(shortSeasonSteps));
  /** The farthest step so far. Below it, after clocks were set back, settled values have been learned already. */
  let farthestStep = -1;
  const spikes = new Spikes(sqrt, settleSteps, shortSeasonSteps, longSeasonSteps);
  const incidents = new IncidentRule({ shortSeasonSteps, longSeasonSteps, usualDay, usualWeek });

  const wasObserved = (back: number) => inputs.step >= back && observed.has(inputs.step - back);

  const inputs: { -readonly [K in keyof ExpertInputs]: ExpertInputs[K] } = {
    context: contextOf(options, sqrt, usualDay, usualWeek, windows.of),
    step: -1,
    isObserved: false,
    isSettledObserved: false,
    push(value, isObserved) {
      const step = ++inputs.step;
      farthestStep = Math.max(farthestStep, step);
      inputs.isObserved = isObserved;
      const shown = spikes.credible(step, Math.sqrt(value)) ** 2;
      observed.set(step, isObserved);
      windows.push(shown);
      if (settleSteps > 0) {
        // A suspected incident is not learned for good.
        const overSteps = incidents.note(step, Math.sqrt(value), isObserved);
        const suspects = Math.min(incidents.suspectSteps, behindSteps + 1);
        for (let back = 0; back < suspects; back++) observed.set(step - back, false);
        replaceIncident(sqrt, incidents, step, overSteps);
      }
      spikes.cut(step);
      inputs.isSettledObserved = step === farthestStep && wasObserved(settleSteps);
    },
    takeBack(steps) {
      const count = Math.min(steps, inputs.step + 1);
      inputs.step -= count;
      windows.takeBack(count);
    },
    settle() {
      const { step } = inputs;
      if (step < behindSteps || step < farthestStep) return;
      const root = sqrt.values[sqrt.end - 1 - behindSteps]!;
      const learned = step - behindSteps;
      for (const usual of [usualDay, usualWeek]) {
        // An imputed value is learned only where nothing is known of the moment.
        if (wasObserved(behindSteps) || Number.isNaN(usual.at(learned))) usual.learn(learned, root);
      }
    },
  };
  return inputs;
}

function contextOf(
  { shortSeasonSteps, longSeasonSteps, horizonSteps, settleSteps, scratch }: ExpertInputsOptions,
  sqrt: ValueWindow,
  usualDay: SlotMeans,
  usualWeek: SlotMeans,
  window: ExpertContext['window'],
): ExpertContext {
  return {
    shortSeasonSteps,
    longSeasonSteps,
    horizonSteps,
    settleSteps,
    sqrt,
    usualDay,
    usualWeek,
    pattern: createSeasonPattern(shortSeasonSteps),
    scratch,
    window,
  };
}

/** Replaces the newest `overSteps` values, an incident that is over, by what is usual. */
function replaceIncident(sqrt: ValueWindow, incidents: IncidentRule, step: number, overSteps: number): void {
  for (let back = 0; back < overSteps; back++) {
    sqrt.values[sqrt.end - 1 - back] = incidents.standIn(step - back);
  }
}

/** Whether each of the newest `capacity` steps was observed. */
function createObservedSteps(capacity: number) {
  const flags = new Uint8Array(capacity);
  return {
    has: (step: number) => flags[step % capacity] === 1,
    set(step: number, isObserved: boolean): void {
      flags[step % capacity] = isObserved ? 1 : 0;
    },
  };
}

/** The newest values in every space that an expert asked for. */
function createWindows(sqrt: ValueWindow, capacity: number) {
  const windows = new Map<Space, ValueWindow>([[inSqrt, sqrt]]);
  let pushed = 0;
  const pushNewest = (window: ValueWindow, space: Space) => window.push(space.fromValue(pushed));
  return {
    of(space: Space): ValueWindow {
      const made = windows.get(space) ?? createValueWindow(capacity);
      windows.set(space, made);
      return made;
    },
    push(value: number): void {
      pushed = value;
      windows.forEach(pushNewest);
    },
    takeBack(count: number): void {
      for (const window of windows.values()) window.takeBack(count);
    },
  };
}
