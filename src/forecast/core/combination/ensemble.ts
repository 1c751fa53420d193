import type { Anchor } from '../calibration/scored-horizon.ts';
import type { Horizons } from '../clock/horizons.ts';
import { localStepsFor, toRealSteps } from '../clock/local-steps.ts';
import { experts, repeaters } from '../experts/index.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import { pathsFor } from '../memory/scratch.ts';
import { MiddleMean } from './middle-mean.ts';

export const expertNames: readonly string[] = Object.keys(experts);
/** Below this share an expert is not worth its arithmetic. */
const negligibleWeight = 0.01;
const repeats = expertNames.map((name) => repeaters.has(name));
/** Scratch of one call. */
const middle = new MiddleMean(expertNames.length);
const speaking = new Uint8Array(expertNames.length);
const weightBelow = new Float64Array(expertNames.length);
const weightAbove = new Float64Array(expertNames.length);
const heard = new Float64Array(expertNames.length);

/** All experts together. Values are in the engine's unit. */
export interface Ensemble {
  /**
   * The newest value has been pushed to the inputs, `truth` is what was observed (NaN = it is imputed): the forecasts of it are judged,
   * every expert learns it, or only sees it, and the anchors keep what is predicted now. `stepsAhead`: how far the
   * combination will be asked for at once; farther costs more.
   */
  advance(step: number, truth: number, stepsAhead: number): void;
  /** A step that no clock showed has been pushed to the inputs: the experts see it pass. */
  pass(): void;
  /** What the experts see has changed without a step: what was predicted is out of date. */
  outdate(): void;
  /** The combination h steps ahead. */
  combinedAt(h: number): number;
  /** The highest of the combination over the next `steps`. */
  pathMaximum(steps: number): number;
}

/** `anchors` hold the weights, which they learn from what they were given to keep. */
export function createEnsemble(inputs: ExpertInputs, anchors: readonly Anchor[]): Ensemble {
  const { context } = inputs;
  const { shortSeasonSteps, longSeasonSteps } = context;
  // In real steps; by local clocks a path may have some more.
  const horizonSteps = anchors.at(-1)?.horizonSteps ?? context.horizonSteps;
  const members = Object.values(experts).map((make) => make(context));
  const repeated =
    longSeasonSteps > 0 && longSeasonSteps <= horizonSteps ? longSeasonSteps : shortSeasonSteps;
  const paths = pathsFor(members.length, context.horizonSteps);
  /** Rises when what was predicted is out of date. */
  let version = 0;
  const self = {};

  /** Makes the experts' paths reach `steps`; with `wanted`, every step up to `near` and of those beyond only what is wanted. */
  function reach(steps: number, near = steps, wanted?: Horizons): void {
    paths.owner = self;
    paths.version = version;
    paths.steps = near;
    const { ahead } = inputs;
    const localSteps = ahead === undefined ? steps : localStepsFor(ahead, steps, context.horizonSteps);
    for (let e = 0; e < members.length; e++) {
      const path = paths.ofExpert[e];
      if (path === undefined) continue;
      paths.canSpeak[e] = members[e]?.predict(path, localSteps, ahead === undefined ? wanted : undefined)
        ? 1
        : 0;
      if (ahead !== undefined) toRealSteps(path, steps, localSteps, ahead, context.sqrt);
    }
    paths.combinedSteps = 0;
  }

  function predictionsAt(h: number): Float64Array {
    const { predictions } = paths;
    for (let e = 0, at = h - 1; e < predictions.length; e++, at += paths.horizonSteps) {
      predictions[e] = paths.canSpeak[e] ? (paths.table[at] ?? Number.NaN) : Number.NaN;
    }
    return predictions;
  }

  /** What those predict who are to be heard: nobody needs a yesterday that is like no other day. */
  function heardOf(all: Float64Array): Float64Array {
    if (!inputs.isAperiodic) return all;
    for (let e = 0; e < all.length; e++) heard[e] = repeats[e] === true ? Number.NaN : (all[e] ?? Number.NaN);
    return heard;
  }

  /** The middle mean of predictions, in square-root space, at an anchor's own horizon. */
  function combinedOf(all: Float64Array, { weights }: Anchor, below: Anchor): number {
    middle.clear();
    for (let e = 0; e < all.length; e++) {
      const weight = weights.of(e);
      if (weight < negligibleWeight && below.weights.of(e) < negligibleWeight) continue;
      middle.add(Math.sqrt(all[e] ?? Number.NaN), weight);
    }
    return squareOr(middle.value, all[0]);
  }

  /** Puts those who have a say at either anchor into `speaking`, with their weights there, and says how many they are. */
  function speakersBetween(below: Anchor, above: Anchor): number {
    let count = 0;
    for (let e = 0; e < members.length; e++) {
      if (paths.canSpeak[e] === 0) continue;
      const ofBelow = below.weights.of(e);
      const ofAbove = above.weights.of(e);
      if (ofBelow < negligibleWeight && ofAbove < negligibleWeight) continue;
      weightBelow[count] = ofBelow;
      weightAbove[count] = ofAbove;
      speaking[count++] = e;
    }
    return count;
  }

  /** Combines the paths up to a step: the same mean, weights between those of the anchors beside. */
  function combine(steps: number): void {
    const { combined, maxima, logs, table } = paths;
    let from = 1;
    let highest = 0;
    for (let a = 0; a < anchors.length && from <= steps; a++) {
      const above = anchors[a];
      const below = anchors[Math.max(0, a - 1)];
      if (above === undefined || below === undefined) break;
      const to = Math.min(steps, above.horizonSteps);
      const logBelow = logs[below.horizonSteps - 1] ?? 0;
      const span = (logs[above.horizonSteps - 1] ?? 0) - logBelow;
      // Before the first anchor, which stands on both sides then, weights are its own.
      const perLog = span > 0 ? 1 / span : 0;
      const speakers = speakersBetween(below, above);
      for (let h = from - 1; h < to; h++) {
        const share = perLog * ((logs[h] ?? 0) - logBelow);
        middle.clear();
        for (let s = 0; s < speakers; s++) {
          const root = Math.sqrt(table[(speaking[s] ?? 0) * paths.horizonSteps + h] ?? 0);
          middle.add(root, (1 - share) * (weightBelow[s] ?? 0) + share * (weightAbove[s] ?? 0));
        }
        const value = squareOr(middle.value, table[h]);
        combined[h] = value;
        highest = Math.max(highest, value);
        maxima[h] = highest;
      }
      from = to + 1;
    }
    paths.combinedSteps = steps;
  }

  /** Beyond what is predicted the last season of it repeats. */
  function withinHorizon(h: number): number {
    if (h <= horizonSteps || repeated > horizonSteps) return Math.min(h, horizonSteps);
    const place = horizonSteps - repeated + 1 + ((h - horizonSteps - 1) % repeated);
    const { leapUntil } = inputs;
    if (leapUntil === undefined) return place;
    const sameClock = place + leapUntil(h) - leapUntil(place);
    return sameClock < 1 ? sameClock + repeated : sameClock > horizonSteps ? sameClock - repeated : sameClock;
  }

  function combinedAt(h: number): number {
    const place = withinHorizon(h);
    if (paths.owner !== self || paths.version !== version || paths.combinedSteps < place) {
      // A question beyond what the step needed itself is mostly the first of a whole path.
      if (paths.owner !== self || paths.version !== version || paths.steps < place) reach(horizonSteps);
      combine(paths.steps);
    }
    return paths.combined[place - 1] ?? 0;
  }

  /** Steps of the inputs are those of local clocks. */
  function pass(): void {
    const { step, isObserved, isSettledObserved } = inputs;
    for (const member of members) member.learn(step, isObserved, isSettledObserved);
    inputs.settle();
    version++;
  }

  return {
    pass,
    outdate() {
      version++;
    },
    advance(step, truth, stepsAhead) {
      for (const anchor of anchors) anchor.mature(step, truth);
      pass();
      const near = Math.min(stepsAhead, horizonSteps);
      const wanted = paths.wanted;
      wanted.count = 0;
      for (let h = 1; h <= near; h++) wanted.steps[wanted.count++] = h;
      for (const anchor of anchors) {
        const h = anchor.horizonSteps;
        if (h > near && step % anchor.strideSteps === 0) wanted.steps[wanted.count++] = h;
      }
      reach(wanted.steps[wanted.count - 1] ?? near, near, wanted);
      for (let a = 0; a < anchors.length; a++) {
        const anchor = anchors[a];
        if (anchor === undefined || step % anchor.strideSteps !== 0) continue;
        const all = predictionsAt(anchor.horizonSteps);
        anchor.weigh(step, heardOf(all));
        anchor.keep(step, all, combinedOf(all, anchor, anchors[Math.max(0, a - 1)] ?? anchor), truth);
      }
      combine(near);
    },
    combinedAt,
    pathMaximum(steps) {
      combinedAt(Math.min(Math.max(1, steps), horizonSteps));
      // Beyond the horizon a season repeats, so nothing higher comes after it.
      return paths.maxima[Math.min(Math.max(1, steps), horizonSteps) - 1] ?? 0;
    },
  };
}

/** The demand of a square root; where all who have a say have fallen silent, that of the first expert, which always speaks. */
function squareOr(root: number, first = 0): number {
  return Number.isNaN(root) ? first : root * root;
}
