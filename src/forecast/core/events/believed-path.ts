import { between } from '../arithmetic/between.ts';
import type { Lengths } from '../clock/lengths.ts';
import { type BelievedHorizon, EventBelief } from './event-belief.ts';

/** How many times an ordinary day's demand is expected, and how many bounds may follow: square roots. */
export interface Effect {
  readonly expected: number;
  readonly held: number;
}

interface BelievedPathOptions {
  readonly lengths: Pick<Lengths, 'gridSeconds' | 'horizonSteps'>;
  readonly horizons: readonly BelievedHorizon[];
  /** The effect of the calendar h ≥ 1 steps ahead. Overwritten by the next call. */
  readonly effectAhead: (h: number) => Effect;
  /** Whether the same events, or none, take place h steps ahead as at the newest step. */
  readonly isAsNow: (h: number) => boolean;
  /** Whether any event is within the next h steps. */
  readonly isNear: (h: number) => boolean;
}

/**
 * Turns forecasts of ordinary days into what is expected with a calendar, as far as it is believed beside `plain` ones: those of somebody
 * who knows no calendar. Values are in the engine's unit.
 */
export function createBelievedPath({
  lengths: { gridSeconds, horizonSteps },
  horizons,
  effectAhead,
  isAsNow,
  isNear,
}: BelievedPathOptions) {
  const belief = new EventBelief(horizons, gridSeconds);
  /** Of the newest path: demand over that of an ordinary day, and how many steps it has. */
  const ratios = new Float64Array(horizonSteps);
  let madeSteps = 0;
  const met = { ratio: 1, believed: 1, expected: 0, held: 0 };

  /** Of what events may raise no bound loses anything. */
  function meet(h: number, ordinary: number, plain: number): Readonly<typeof met> {
    const effect = effectAhead(h);
    met.ratio = effect.expected ** 2;
    met.believed = 1;
    const known = ordinary * met.ratio;
    met.expected = known;
    met.held = Math.max(known, ordinary * effect.held ** 2);
    if (plain === known || !isAsNow(h)) return met;
    met.believed = belief.ahead(h);
    met.expected = between(plain, known, met.believed);
    const isRaised = met.held >= plain;
    met.held = Math.max(met.expected, isRaised ? met.held : between(plain, met.held, met.believed));
    return met;
  }

  const path = {
    /** Its state is the only one. */
    belief,
    /** The combination that bounds begin at, for each step of the newest path. */
    held: new Float64Array(horizonSteps),
    /** Learns from the forecasts that come due at a step how far the calendar is to be believed; `truth` NaN = nothing is known. */
    mature: (step: number, truth: number) => belief.mature(step, Math.sqrt(truth)),
    /** Keeps the forecasts for the scored horizon of a number until the truth is known. */
    keep: (index: number, step: number, plain: number, known: number) =>
      belief.keep(index, step, Math.sqrt(plain), Math.sqrt(known)),
    /** What is expected h steps ahead, what bounds begin at, and the ratio that the calendar alone makes. Overwritten by the next call. */
    meet,
    /** Ratio of demand to that of an ordinary day, h ≥ 1 steps ahead: that of the newest path where it reaches so far. */
    ratioAhead: (h: number): number => (h <= madeSteps ? ratios[h - 1]! : effectAhead(h).expected ** 2),
    /** Applies the effects to a path of ordinary demand. `plain` is undefined where it is the same. */
    apply(
      { combined, maxima }: Readonly<Record<'combined' | 'maxima', Float64Array>>,
      steps: number,
      plain: Float64Array | undefined,
    ): void {
      madeSteps = steps;
      if (plain === undefined && !isNear(steps)) {
        for (let h = 0; h < steps; h++) path.held[h] = combined[h]!;
        ratios.fill(1, 0, steps);
        return;
      }
      let highest = 0;
      for (let h = 0; h < steps; h++) {
        const ordinary = combined[h]!;
        const { ratio, expected, held } = meet(h + 1, ordinary, plain?.[h] ?? ordinary);
        combined[h] = expected;
        ratios[h] = ordinary > 0 ? expected / ordinary : ratio;
        path.held[h] = held;
        highest = Math.max(highest, held);
        maxima[h] = highest;
      }
    },
  };
  return path;
}
