import { enoughResiduals } from '../calibration/residuals.ts';
import type { ScoredHorizon } from '../calibration/scored-horizon.ts';
import { judgedStepsOf, type Lengths } from '../clock/lengths.ts';
import type { StateCopier } from '../memory/state-copier.ts';

/** Rate a step at which errors are forgotten: about a week of five-minute steps. */
const errorRate = 1 / 2016;

/** Of what is judged, seasons are searched once in so many short seasons, but in each of the last ones. */
const seldomSearchedSeasons = 7;
const lastSearchedSeasons = 3;

/**
 * The part of a history of which no near forecast remembers anything by the end. It teaches the experts, and the horizons that remember
 * it; what is expected of its next step is a rough guess, with which outages are told and gaps are filled.
 */
export class FarPast {
  readonly #horizons: readonly ScoredHorizon[];
  /** The horizons that rest when judging begins, and the one whose weights stand in for theirs. */
  readonly #late: readonly ScoredHorizon[];
  readonly #standIn: ScoredHorizon | undefined;
  /** Steps of judging after which seasons are searched in each short season. */
  readonly #searchedSteps: number;
  /** Steps of judging after which the weights are learned with which peaks are forecast. */
  readonly #settledSteps: number;
  /** NaN outside of the far past. */
  #expected = Number.NaN;
  #error = 0;
  #errors = 0;

  constructor(horizons: readonly ScoredHorizon[], lengths: Pick<Lengths, 'shortSteps' | 'longSteps'>) {
    this.#searchedSteps = judgedStepsOf(lengths) - lastSearchedSeasons * lengths.shortSteps;
    this.#horizons = horizons;
    const early = horizons.filter(({ isFar, restingSteps }) => !isFar && restingSteps === 0);
    this.#late = horizons.filter(({ restingSteps }) => restingSteps > 0);
    this.#standIn = early.at(-1);
    this.#settledSteps = Math.max(
      0,
      ...early.filter(({ strideSteps }) => strideSteps === 1).map(({ settledSteps }) => settledSteps),
    );
  }

  copyState(copier: StateCopier): void {
    this.#expected = copier.number(this.#expected);
    this.#error = copier.number(this.#error);
    this.#errors = copier.number(this.#errors);
  }

  /** What is expected of the next step; undefined outside of the far past, where the combination tells it. */
  get expected(): number | undefined {
    return Number.isNaN(this.#expected) ? undefined : this.#expected;
  }

  /** Typical error of what is expected of the next step, a difference of square roots. */
  get typicalError(): number {
    const { residualCount, typicalError } = this.#horizons[0]!;
    return residualCount < enoughResiduals ? Math.max(this.#error, typicalError) : typicalError;
  }

  /** Takes the observed value of a step of the far past, NaN = there is none, and what is expected of the next one. */
  note(truth: number, next: number): void {
    if (!Number.isNaN(truth) && !Number.isNaN(this.#expected)) {
      this.#errors++;
      const error = Math.abs(Math.sqrt(truth) - Math.sqrt(this.#expected));
      this.#error += Math.max(errorRate, 1 / this.#errors) * (error - this.#error);
    }
    this.#expected = next;
  }

  /** Takes a step that is judged; whether the one before was of the far past. */
  end(): boolean {
    const isEnd = !Number.isNaN(this.#expected);
    this.#expected = Number.NaN;
    return isEnd;
  }

  /** Short seasons between two searches for seasons: what is found is what the newest search finds, so that a history needs few. */
  searchEvery(judgedSteps: number): number {
    return judgedSteps < this.#searchedSteps ? seldomSearchedSeasons : 1;
  }

  /** Whether the weights with which peaks are forecast are learned, `judgedSteps` after the far past. */
  isSettled(judgedSteps: number): boolean {
    return judgedSteps >= this.#settledSteps;
  }

  /** Lets those horizons rest that are not judged so soon after the far past; until their weights are learned, nearer ones count. */
  rest(judgedSteps: number): void {
    for (const horizon of this.#late) {
      horizon.isResting = judgedSteps < horizon.restingSteps;
      horizon.standIn = judgedSteps < horizon.settledSteps ? this.#standIn : undefined;
    }
  }

  /** Forecasts of weights that are not learned teach neither bounds nor accuracy, and nor does demand that is unproven. */
  settle(judgedSteps: number, isUnproven: boolean): void {
    this.rest(judgedSteps);
    for (const horizon of this.#horizons)
      horizon.isUnproven = isUnproven || (!horizon.isFar && judgedSteps < horizon.settledSteps);
  }
}
