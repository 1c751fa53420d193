import type { SeriesArchive } from '../../../../src/history/archive/archived-tail.ts';
import { type RollUp, rollUpSecondsOf } from '../../../../src/history/archive/roll-ups/roll-up.ts';
import { demandAt } from './virtual-demand.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

const day = 86_400;
/** How far before the rows of the source the archive begins: farther than any history of the scenarios. */
const olderSeconds = 5 * day;
/** In a damaged archive so many roll-ups of a page can be read, and as many not. */
const pageRollUps = 7;

/**
 * The archive of one query, which remembers what the source no longer has; undefined where the scenario has none. What it gives is
 * written down as what the source gives is. From some poll on it may be lost: then it gives nothing and takes nothing.
 */
export function createVirtualArchive(
  world: World,
  query: number,
  witness: Witness,
): SeriesArchive | undefined {
  const { archive: wish, demands, scale, startSeconds } = world.scenario;
  const shape = demands[query];
  if (wish === undefined || shape === undefined) return undefined;
  const lengthSeconds = rollUpSecondsOf(scale.stepSeconds);
  const sourceFrom = startSeconds - scale.historySeconds;
  const first = Math.ceil((sourceFrom - olderSeconds) / lengthSeconds) * lengthSeconds;
  const noted = new Map<number, RollUp>();
  const isLost = () => world.poll >= wish.lostFrom;

  const older = (atSeconds: number): RollUp | undefined => {
    const isTorn = wish.isDamaged && Math.floor(atSeconds / lengthSeconds / pageRollUps) % 2 === 0;
    const value = isTorn ? undefined : demandAt(shape, scale.seasonSeconds, atSeconds);
    return value === undefined
      ? undefined
      : { atSeconds, mean: value, peak: value, rows: 1, isCensored: false };
  };

  return {
    note(rollUps) {
      if (isLost()) return;
      for (const rollUp of rollUps) noted.set(rollUp.atSeconds, rollUp);
    },
    async read(fromSeconds, toSeconds) {
      const found: RollUp[] = [];
      for (let at = first; at <= toSeconds && !isLost(); at += lengthSeconds) {
        const rollUp = at < sourceFrom ? older(at) : noted.get(at);
        if (rollUp === undefined || at <= fromSeconds) continue;
        found.push(rollUp);
        witness.see(rollUp.peak);
      }
      return found;
    },
    oldestSeconds: () => (isLost() ? undefined : first),
  };
}
