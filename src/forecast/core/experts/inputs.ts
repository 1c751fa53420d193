import { mostLeapSteps } from '../clock/local-axis.ts';
import { IncidentRule } from '../hygiene/incident.ts';
import { Spikes } from '../hygiene/spikes.ts';
import { SlotMeans } from '../memory/slot-means.ts';
import { createSeriesWindow, type SeriesWindow } from '../memory/value-window.ts';
import { createSeasonPattern } from '../seasons/season-pattern.ts';
import type { ExpertContext } from './expert.ts';
import { inSqrt, type Space } from './spaces.ts';

/** Weights of the newest day and the newest week in what is usual. */
const dayRate = 0.2;
const weekRate = 0.25;
/** What is usual learns so many steps after the experts: they must not find in it what they are to explain. */
const usualLagsBehindSteps = 4;

export interface ExpertInputsOptions {
  /** Lengths of the day and the week; 0 = there is no week. */
  readonly shortSeasonSteps: number;
  readonly longSeasonSteps: number;
  readonly horizonSteps: number;
  /** After so many steps a value is settled: a spike in it has been cut. 0 = at once, and no spike is cut. */
  readonly settleSteps: number;
  readonly rememberedSteps: number;
}

/**
 * What experts see, and when: one place that is fed, and all of them read. Steps are those of the clocks of a place, so
 * that nine in the morning is the same moment of the day all year.
 */
export interface ExpertInputs {
  readonly context: ExpertContext;
  /** Step of the newest value, from 0. */
  readonly step: number;
  readonly isObserved: boolean;
  /** Of the value `settleSteps` before the newest. */
  readonly isSettledObserved: boolean;
  /** The history shows that there is no season. */
  isAperiodic: boolean;
  /** Where what is h real steps ahead is to be read, at h − 1; undefined where that is h, until clocks are changed. */
  ahead: Int32Array | undefined;
  /** Steps that clocks leap ahead within the next h real steps, however far; undefined = they never do. */
  leapUntil: ((h: number) => number) | undefined;
  /** The newest value; what was missing is imputed and not observed. */
  push(value: number, isObserved: boolean): void;
  /** Takes the newest steps back, because the clocks show them again. What was learned of them is not learned again. */
  takeBack(steps: number): void;
  /** All experts have learned the newest value. */
  settle(): void;
}

export function createExpertInputs(options: ExpertInputsOptions): ExpertInputs {
  const { shortSeasonSteps, longSeasonSteps, settleSteps, rememberedSteps } = options;
  const sqrt = createSeriesWindow(rememberedSteps);
  const windows = new Map<Space, SeriesWindow>([[inSqrt, sqrt]]);
  const usualDay = new SlotMeans(shortSeasonSteps, dayRate);
  const usualWeek = new SlotMeans(longSeasonSteps, weekRate);
  const behindSteps = settleSteps + usualLagsBehindSteps;
  /** Of the newest steps, whether they were observed; also of those before what clocks can take back. */
  const observed = new Uint8Array(behindSteps + 1 + mostLeapSteps(shortSeasonSteps));
  /** The farthest step there was: below it, after clocks were set back, what is settled has been learned. */
  let farthestStep = -1;
  let pushed = 0;
  const spikes = new Spikes(sqrt, settleSteps, shortSeasonSteps, longSeasonSteps);
  const incidents = new IncidentRule({ shortSeasonSteps, longSeasonSteps, usualDay, usualWeek });
  const pushNewest = (window: SeriesWindow, space: Space) => window.push(space.fromValue(pushed));

  function learnUsual(usual: SlotMeans, learned: number, root: number): void {
    // What was imputed is better than nothing, and than nothing only.
    if (wasObserved(behindSteps) || Number.isNaN(usual.at(learned))) usual.learn(learned, root);
  }
  /** What may be an incident is not learned for good; of one that is over, what is usual is remembered in its place. */
  function noteIncident(root: number, isObserved: boolean): void {
    const overSteps = incidents.note(inputs.step, root, isObserved);
    const suspects = Math.min(incidents.suspectSteps, behindSteps + 1);
    for (let back = 0; back < suspects; back++) observed[(inputs.step - back) % observed.length] = 0;
    for (let back = 0; back < overSteps; back++) {
      sqrt.values[sqrt.end - 1 - back] = incidents.standIn(inputs.step - back);
    }
  }

  const wasObserved = (back: number) =>
    inputs.step >= back && observed[(inputs.step - back) % observed.length] === 1;

  const inputs: { -readonly [K in keyof ExpertInputs]: ExpertInputs[K] } = {
    context: {
      ...options,
      sqrt,
      usualDay,
      usualWeek,
      pattern: createSeasonPattern(shortSeasonSteps),
      window(space) {
        const made = windows.get(space) ?? createSeriesWindow(rememberedSteps);
        windows.set(space, made);
        return made;
      },
    },
    step: -1,
    isObserved: false,
    isSettledObserved: false,
    isAperiodic: false,
    ahead: undefined,
    leapUntil: undefined,
    push(value, isObserved) {
      const step = ++inputs.step;
      farthestStep = Math.max(farthestStep, step);
      inputs.isObserved = isObserved;
      pushed = spikes.credible(step, Math.sqrt(value)) ** 2;
      observed[step % observed.length] = isObserved ? 1 : 0;
      windows.forEach(pushNewest);
      if (settleSteps > 0) noteIncident(Math.sqrt(value), isObserved);
      spikes.cut(step);
      inputs.isSettledObserved = step === farthestStep && wasObserved(settleSteps);
    },
    takeBack(steps) {
      const count = Math.min(steps, inputs.step + 1);
      inputs.step -= count;
      for (const window of windows.values()) window.takeBack(count);
    },
    settle() {
      const { step } = inputs;
      if (step < behindSteps || step < farthestStep) return;
      const root = sqrt.values[sqrt.end - 1 - behindSteps] ?? 0;
      const learned = step - behindSteps;
      learnUsual(usualDay, learned, root);
      learnUsual(usualWeek, learned, root);
    },
  };
  return inputs;
}
