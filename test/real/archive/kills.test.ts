import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openArchiveKeeper } from '../../../src/history/archive/file/archive-keeper.ts';
import { openTemporaryFolder } from '../../../tools/temporary-folder.ts';
import { isLongForm } from '../../support/long-form.ts';

const kills = isLongForm ? 200 : 5;
const startSeconds = 1_767_690_000;
const program = fileURLToPath(new URL('archiving.ts', import.meta.url));

/** Archives until it is killed, and gives the time of the newest roll-up that was put down before. */
async function archiveUntilKilled(path: string, from: number, lifeMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, path, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child.stdout, 'data');
  await sleep(lifeMs);
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  const [, signal] = await ended;
  expect(signal).toBe('SIGKILL');
  return Number(said.split('\n').at(-2));
}

it(
  'an archive has all that was put down before each SIGKILL, whole and once',
  async ({ annotate }) => {
    const folder = await openTemporaryFolder('forescale-archive-kills');
    const path = join(folder.path, 'demand.sqlite');
    try {
      let newest = startSeconds - 300;
      for (let kill = 0; kill < kills; kill++) {
        const from = (newest - startSeconds) / 300 + 1;
        newest = await archiveUntilKilled(path, from, (kill * 37) % 160);
        const keeper = openArchiveKeeper({ path, mostBytes: 64 * 1024 * 1024, keptSeconds: 400 * 86_400 });
        const times = keeper.read('a', 0, 2 * startSeconds).map(({ atSeconds }) => atSeconds);
        keeper.close();
        const acknowledged = times.filter((at) => at <= newest);
        expect(acknowledged).toHaveLength((newest - startSeconds) / 300 + 1);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      }
      expect(newest).toBeGreaterThan(startSeconds);
      await annotate(`${kills} SIGKILLs, ${(newest - startSeconds) / 300 + 1} roll-ups, none is lost`);
    } finally {
      await folder.remove();
    }
  },
  isLongForm ? 1_200_000 : 180_000,
);
