import type { Anchor } from './anchor.ts';
import type { ExpertInputs } from './expert-inputs.ts';
import { experts, repeaters } from './experts/index.ts';
import { localStepsFor, toRealSteps } from './local-steps.ts';
import { pathsFor } from './paths.ts';

export const expertNames: readonly string[] = Object.keys(experts);
/** Below this share an expert is not worth its arithmetic. */
const negligibleWeight = 1e-3;
const repeats = expertNames.map((name) => repeaters.has(name));

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

  /** Makes the experts' paths, and their combination, reach `steps`. */
  function reach(steps: number): void {
    if (paths.owner === self && paths.version === version && paths.steps >= steps) return;
    paths.owner = self;
    paths.version = version;
    paths.steps = steps;
    const { ahead } = inputs;
    const localSteps = ahead === undefined ? steps : localStepsFor(ahead, steps, context.horizonSteps);
    for (let e = 0; e < members.length; e++) {
      const path = paths.ofExpert[e];
      if (path === undefined) continue;
      paths.canSpeak[e] = members[e]?.predict(path, localSteps) ? 1 : 0;
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

  /** Combines the paths as far as they reach: a weighted mean in square-root space, weights between those of the anchors beside. */
  function combine(): void {
    const { steps, roots, shares, combined, maxima, logs, table } = paths;
    roots.fill(0, 0, steps);
    shares.fill(0, 0, steps);
    let from = 1;
    for (let a = 0; a < anchors.length && from <= steps; a++) {
      const above = anchors[a];
      const below = anchors[Math.max(0, a - 1)];
      if (above === undefined || below === undefined) break;
      const to = Math.min(steps, above.horizonSteps);
      const logBelow = logs[below.horizonSteps - 1] ?? 0;
      const span = (logs[above.horizonSteps - 1] ?? 0) - logBelow;
      // Before the first anchor, which stands on both sides then, weights are its own.
      const perLog = span > 0 ? 1 / span : 0;
      for (let e = 0; e < members.length; e++) {
        const first = below.weights.of(e);
        const last = above.weights.of(e);
        if (paths.canSpeak[e] === 0) continue;
        if (first < negligibleWeight && last < negligibleWeight) continue;
        const slope = (last - first) * perLog;
        for (let h = from - 1, at = e * paths.horizonSteps + h; h < to; h++, at++) {
          const root = Math.sqrt(table[at] ?? 0);
          if (Number.isNaN(root)) continue;
          const weight = first + slope * ((logs[h] ?? 0) - logBelow);
          roots[h] = (roots[h] ?? 0) + weight * root;
          shares[h] = (shares[h] ?? 0) + weight;
        }
      }
      from = to + 1;
    }
    let highest = 0;
    for (let h = 0; h < steps; h++) {
      const share = shares[h] ?? 0;
      // Where all who have a say have fallen silent, the first expert, which always speaks, stands in.
      const value = share > 0 ? ((roots[h] ?? 0) / share) ** 2 : (table[h] ?? 0);
      combined[h] = value;
      highest = Math.max(highest, value);
      maxima[h] = highest;
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
      reach(horizonSteps);
      combine();
    }
    return paths.combined[place - 1] ?? 0;
  }

  /** What those predict who are to be heard: nobody needs a yesterday that is like no other day. */
  function heardAt(h: number): Float64Array {
    const heard = predictionsAt(h);
    if (!inputs.isAperiodic) return heard;
    for (let e = 0; e < heard.length; e++) if (repeats[e] === true) heard[e] = Number.NaN;
    return heard;
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
    advance(step, truth, stepsAhead) {
      for (const anchor of anchors) anchor.mature(step, truth);
      pass();
      let steps = Math.min(stepsAhead, horizonSteps);
      for (const anchor of anchors) {
        if (step % anchor.strideSteps === 0) steps = Math.max(steps, anchor.horizonSteps);
      }
      reach(steps);
      for (const anchor of anchors) {
        if (step % anchor.strideSteps === 0) anchor.weigh(step, heardAt(anchor.horizonSteps));
      }
      combine();
      for (const anchor of anchors) {
        if (step % anchor.strideSteps !== 0) continue;
        const h = anchor.horizonSteps;
        anchor.keep(step, predictionsAt(h), combinedAt(h), truth);
      }
    },
    combinedAt,
    pathMaximum(steps) {
      combinedAt(Math.min(Math.max(1, steps), horizonSteps));
      // Beyond the horizon a season repeats, so nothing higher comes after it.
      return paths.maxima[Math.min(Math.max(1, steps), horizonSteps) - 1] ?? 0;
    },
  };
}
