import { createCredibleMaximum } from './credible-maximum.ts';
import type { ExpertContext } from './experts/expert.ts';
import { inSqrt, type Space } from './experts/spaces.ts';
import { createSeriesWindow, type SeriesWindow } from './series.ts';
import { createSlotMeans, type SlotMeans } from './slot-means.ts';
import { cutSpike } from './spikes.ts';

/** Weights of the newest day and the newest week in what is usual. */
const dayRate = 0.2;
const weekRate = 0.25;
/** Demand above so many times the highest of four weeks is not believed to stay before it has stayed for an hour. */
const creditRatio = 1.5;
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

/** What experts see, and when: one place that is fed, and all of them read. */
export interface ExpertInputs {
  readonly context: ExpertContext;
  /** Step of the newest value, from 0. */
  readonly step: number;
  readonly isObserved: boolean;
  /** Of the value `settleSteps` before the newest. */
  readonly isSettledObserved: boolean;
  /** The newest value; what was missing is imputed and not observed. */
  push(value: number, isObserved: boolean): void;
  /** All experts have learned the newest value. */
  settle(): void;
}

export function createExpertInputs(options: ExpertInputsOptions): ExpertInputs {
  const { shortSeasonSteps, longSeasonSteps, settleSteps, rememberedSteps } = options;
  const sqrt = createSeriesWindow(rememberedSteps);
  const windows = new Map<Space, SeriesWindow>([[inSqrt, sqrt]]);
  const usualDay = createSlotMeans(shortSeasonSteps, dayRate);
  const usualWeek = createSlotMeans(longSeasonSteps, weekRate);
  const behindSteps = settleSteps + usualLagsBehindSteps;
  /** Of the newest steps, whether they were observed. */
  const observed = new Uint8Array(behindSteps + 1);
  let step = -1;
  let pushed = 0;
  const highest = createCredibleMaximum(shortSeasonSteps);
  const credibleAfterSteps = 2 * shortSeasonSteps;
  let incredibleSteps = 0;
  const pushNewest = (window: SeriesWindow, space: Space) => window.push(space.fromValue(pushed));

  /** What experts are shown of a value: what has never been there, within the hour, as far as it is credible. */
  function credited(value: number): number {
    const limit = creditRatio * highest.value;
    if (settleSteps === 0 || step < credibleAfterSteps || limit === 0 || value <= limit) {
      incredibleSteps = 0;
      return value;
    }
    incredibleSteps++;
    return incredibleSteps <= settleSteps ? limit : value;
  }

  function learnUsual(usual: SlotMeans, learned: number, root: number): void {
    // What was imputed is better than nothing, and than nothing only.
    if (wasObserved(behindSteps) || Number.isNaN(usual.at(learned))) usual.learn(learned, root);
  }
  const wasObserved = (back: number) => step >= back && observed[(step - back) % observed.length] === 1;

  return {
    context: {
      ...options,
      sqrt,
      usualDay,
      usualWeek,
      window(space) {
        const made = windows.get(space) ?? createSeriesWindow(rememberedSteps);
        windows.set(space, made);
        return made;
      },
    },
    get step() {
      return step;
    },
    get isObserved() {
      return wasObserved(0);
    },
    get isSettledObserved() {
      return wasObserved(settleSteps);
    },
    push(value, isObserved) {
      step++;
      pushed = credited(value);
      observed[step % observed.length] = isObserved ? 1 : 0;
      windows.forEach(pushNewest);
      if (settleSteps > 0) cutSpike(sqrt, settleSteps, shortSeasonSteps, longSeasonSteps);
    },
    settle() {
      if (step < behindSteps) return;
      const root = sqrt.values[sqrt.end - 1 - behindSteps] ?? 0;
      const learned = step - behindSteps;
      highest.note(learned, root * root);
      learnUsual(usualDay, learned, root);
      learnUsual(usualWeek, learned, root);
    },
  };
}
