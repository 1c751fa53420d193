import { openArchiveKeeper } from '../../../src/history/archive/file/archive-keeper.ts';
import { madeRollUps } from '../../pure/history/archive/made-demand.ts';

// A process that archives roll-ups as fast as it can, and says of each after it was put down that it was. It is killed meanwhile.
const [path = '', from = '0'] = process.argv.slice(2);
const startSeconds = 1_767_690_000;
const keeper = openArchiveKeeper({ path, mostBytes: 64 * 1024 * 1024, keptSeconds: 400 * 86_400 });
const rollUps = madeRollUps(200_000, startSeconds).slice(Number(from));
for (let place = 0; place < rollUps.length; ) {
  // One at a time mostly, and now and then many at once.
  const count = place % 97 === 0 ? 700 : 1;
  const part = rollUps.slice(place, place + count);
  place += count;
  keeper.put([{ key: 'a', lengthSeconds: 300, rollUps: part }]);
  process.stdout.write(`${part.at(-1)?.atSeconds}\n`);
  keeper.tidy((part.at(-1)?.atSeconds ?? 0) + 3_700);
}
