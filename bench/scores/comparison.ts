import { levels } from '../horizons.ts';
import type { Predictions } from '../opponents/ask-opponent.ts';
import type { Trace } from '../replay/trace.ts';
import type { Replay } from '../replay/trace-replay.ts';
import { type ErrorRatio, scoreRatio } from './score-ratio.ts';
import { truthAt } from './truth.ts';

/** Our errors on one trace compared with those of one opponent at the same origins. */
export interface Comparison {
  readonly opponent: string;
  readonly trace: string;
  readonly horizons: readonly (ErrorRatio & { readonly horizonSeconds: number })[];
  /** CPU time of one of their forecasts ÷ one of ours (a step observed and all steps forecast); undefined for naives. */
  readonly costRatio: number | undefined;
}

/** Fewest origins of a score where the opponent was asked at a sample of them. */
const fewestSampled = 6;
/** Fewest origins of a score where the opponent was asked at all of them. */
const fewestStreamed = 24;

/** Scores our medians and those of an opponent at the origins where both have one. */
export function compare({ name, grid }: Trace, replay: Replay, theirs: Predictions): Comparison {
  const median = levels.indexOf(0.5);
  const fewest = theirs.isSampled ? fewestSampled : fewestStreamed;
  const horizons = replay.horizonsSeconds.flatMap((horizonSeconds, h) => {
    const truth = truthAt(grid, replay.origins, horizonSeconds / grid.stepSeconds);
    const score = scoreRatio(truth, replay.paths[h]![median]!, theirs.paths[h]!, fewest);
    return score === undefined ? [] : [{ horizonSeconds, ...score }];
  });
  const ourMs = (replay.observeMicroseconds + replay.forecastMicroseconds) / 1000;
  const cost = theirs.milliseconds / ourMs;
  return {
    opponent: theirs.opponent,
    trace: name,
    horizons,
    costRatio: Number.isFinite(cost) ? cost : undefined,
  };
}
