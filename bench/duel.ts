import { levels } from './horizons.ts';
import type { Opponent } from './opponents/contract.ts';
import { calendarOf } from './opponents/contract.ts';
import { streamOpponent } from './opponents/stream.ts';
import { spreadOver, windowBefore } from './opponents/window.ts';
import type { WindowLane } from './opponents/window-lane.ts';
import { type ErrorRatio, scoreRatio } from './scores/score-ratio.ts';
import { truthAt } from './scores/truth.ts';
import type { Trace } from './trace.ts';
import type { Replay } from './trace-replay.ts';

/** One opponent on one trace, beside ours at the same origins. */
export interface Duel {
  readonly opponent: string;
  readonly trace: string;
  readonly horizons: readonly (ErrorRatio & { readonly horizonSeconds: number })[];
  /** CPU milliseconds of a forecast, theirs ÷ ours (one step observed and all steps forecast); undefined for the naive ones. */
  readonly costRatio: number | undefined;
}

/** Sampled cells have few origins on purpose; fewer than this tell nothing. */
const fewestSampled = 6;
const fewestStreamed = 24;

/** What the opponent says where, lined up with the origins of the replay (NaN = not asked). Asked before the replay runs. */
export interface Challenge {
  readonly opponent: string;
  /** `paths[horizon]`, one value an origin. */
  readonly paths: readonly Float64Array[];
  readonly isSampled: boolean;
  readonly milliseconds: number;
}

/** Asks one opponent on one trace. Resolves to undefined where it has no answer at all (too little history). */
export async function challenge(
  name: string,
  opponent: Opponent,
  { grid }: Trace,
  origins: Int32Array,
  horizonsSeconds: readonly number[],
  { lane, originsAtMost }: { readonly lane: WindowLane; readonly originsAtMost: number },
): Promise<Challenge> {
  if (opponent.kind === 'streaming') {
    const paths = streamOpponent(opponent, grid, origins, horizonsSeconds);
    return { opponent: name, paths, isSampled: false, milliseconds: Number.NaN };
  }
  const calendar = calendarOf(grid.stepSeconds);
  const steps = horizonsSeconds.map((seconds) => seconds / grid.stepSeconds);
  const horizonSteps = Math.max(1, ...steps);
  // Only origins whose farthest value is there to be compared with.
  const usable = origins.filter((origin) => origin + horizonSteps < grid.values.length);
  const cap = Math.ceil(originsAtMost * opponent.originShare);
  const asked = spreadOver(usable.length, cap, calendar.daySteps);
  const tasks = asked.map((index) => windowBefore(grid, usable[index] ?? 0, horizonSteps));
  const answers = await lane.ask({ opponent: name, tasks, calendar });
  const paths = horizonsSeconds.map(() => new Float64Array(origins.length).fill(Number.NaN));
  for (const [position, answer] of answers.entries()) {
    // Usable origins are the first ones, so their index is that of the replay.
    const index = asked[position] ?? 0;
    for (const [h, path] of paths.entries()) path[index] = answer.path?.[(steps[h] ?? 1) - 1] ?? Number.NaN;
  }
  const spent = answers.filter(({ path }) => path !== undefined).map(({ milliseconds }) => milliseconds);
  return {
    opponent: name,
    paths,
    isSampled: true,
    milliseconds: spent.reduce((sum, one) => sum + one, 0) / spent.length,
  };
}

export function scoreDuel(trace: Trace, replay: Replay, rival: Challenge): Duel {
  const { grid } = trace;
  const median = levels.indexOf(0.5);
  const fewest = rival.isSampled ? fewestSampled : fewestStreamed;
  const horizons = replay.horizonsSeconds.flatMap((horizonSeconds, h) => {
    const truth = truthAt(grid, replay.origins, horizonSeconds / grid.stepSeconds);
    const [ours, theirs] = [replay.paths[h]?.[median], rival.paths[h]];
    const score =
      ours === undefined || theirs === undefined ? undefined : scoreRatio(truth, ours, theirs, fewest);
    return score === undefined ? [] : [{ horizonSeconds, ...score }];
  });
  const ourMs = (replay.observeMicroseconds + replay.forecastMicroseconds) / 1000;
  const cost = rival.milliseconds / ourMs;
  return {
    opponent: rival.opponent,
    trace: trace.name,
    horizons,
    costRatio: Number.isFinite(cost) ? cost : undefined,
  };
}
