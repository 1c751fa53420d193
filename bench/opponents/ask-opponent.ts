import { calendarOf } from '../../src/what-if/models/index.ts';
import { horizonsOn } from '../horizons.ts';
import type { Trace } from '../replay/trace.ts';
import type { WindowAnswer, WindowTask } from './contract.ts';
import { streamOpponent } from './stream.ts';
import { opponentNamed } from './table.ts';
import { spreadOver, windowBefore } from './window.ts';
import type { WindowLane } from './window-lane.ts';

/** What an opponent predicted at the origins of a replay; NaN = it was not asked or had no answer. */
export interface Predictions {
  readonly opponent: string;
  /** `paths[horizon]` holds one value per origin. */
  readonly paths: readonly Float64Array[];
  /** Whether it was asked at a sample of the origins only. */
  readonly isSampled: boolean;
  /** Mean CPU time of a forecast. */
  readonly milliseconds: number;
}

export interface SlowOpponentOptions {
  readonly lane: WindowLane;
  /** Number of origins per trace at which slow opponents are asked. */
  readonly originsAtMost: number;
}

/** Asks one opponent at the origins of one trace. */
export async function askOpponent(
  name: string,
  trace: Trace,
  origins: Int32Array,
  { lane, originsAtMost }: SlowOpponentOptions,
): Promise<Predictions> {
  const opponent = opponentNamed(name);
  if (opponent === undefined) throw new Error(`there is no opponent ${name}`);
  const { grid } = trace;
  if (opponent.kind === 'streaming') {
    const paths = streamOpponent(opponent, grid, origins, horizonsOn(grid.stepSeconds));
    return { opponent: name, paths, isSampled: false, milliseconds: Number.NaN };
  }
  const calendar = calendarOf(grid.stepSeconds);
  const asked = await askAtSample(trace, origins, Math.ceil(originsAtMost * opponent.originShare), (tasks) =>
    lane.ask({ opponent: name, tasks, calendar }),
  );
  return { opponent: name, ...asked };
}

/** Asks for paths at a sample of the origins of one trace. */
export async function askAtSample(
  { grid }: Trace,
  origins: Int32Array,
  originsAtMost: number,
  ask: (tasks: readonly WindowTask[]) => Promise<readonly WindowAnswer[]>,
): Promise<Omit<Predictions, 'opponent'>> {
  const steps = horizonsOn(grid.stepSeconds).map((seconds) => seconds / grid.stepSeconds);
  const horizonSteps = Math.max(1, ...steps);
  // Only origins whose farthest value exists. They are the first ones, so that their index is that of the replay.
  const usable = origins.filter((origin) => origin + horizonSteps < grid.values.length);
  const asked = spreadOver(usable.length, originsAtMost, calendarOf(grid.stepSeconds).daySteps);
  const answers = await ask(asked.map((index) => windowBefore(grid, usable[index]!, horizonSteps)));
  const paths = steps.map(() => new Float64Array(origins.length).fill(Number.NaN));
  for (const [position, { path }] of answers.entries()) {
    if (path === undefined) continue;
    for (const [h, column] of paths.entries()) column[asked[position]!] = path[steps[h]! - 1]!;
  }
  const spent = answers.filter(({ path }) => path !== undefined).map(({ milliseconds }) => milliseconds);
  return {
    paths,
    isSampled: true,
    milliseconds: spent.reduce((sum, one) => sum + one, 0) / spent.length,
  };
}
