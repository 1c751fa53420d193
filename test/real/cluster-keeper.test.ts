import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyNoNamespaces } from '../../tools/cluster/why-no-cluster.ts';
import { projectRoot } from '../repository/project-files.ts';
import { skippedNote } from './real-programs.ts';

const why = await whyNoNamespaces(process.env);

/** Starts the keeper on a script that has the folder as $1 and waits until the script has said a word. */
async function keep(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-keeper-'));
  const keeper = spawn(
    'sh',
    [join(projectRoot, 'tools/cluster/node/keeper.sh'), folder, 'sh', '-c', script, 'sh', folder],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true },
  );
  const exited = once(keeper, 'exit');
  await Promise.race([once(keeper.stdout, 'data'), exited]);
  return { folder, keeper, exited };
}

/** Processes that name the folder, and control groups of its name. */
function left(folder: string): readonly string[] {
  const processes = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder),
  );
  const trees = ['.', ...readdirSync('/sys/fs/cgroup')].map((tree) =>
    join('/sys/fs/cgroup', tree, basename(folder)),
  );
  return [...processes, ...trees.filter((path) => existsSync(path))];
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** What the first process of a node does too: it tells its number of outside. */
const tell = 'read -r pid _ </proc/self/stat; echo "$pid" >"$1/init.pid"';
/** Two processes that have no reason to end. */
const stay = 'sleep 3600 & echo started; wait';

describe.skipIf(why)(`the keeper of a node${skippedNote(why)}`, () => {
  it.each([
    ['', `${tell}; ${stay}`],
    [', also where the first process has not told its number yet', `: >"$1/init.pid"; ${stay}`],
    [', also where it has not begun to', stay],
  ])('ends all processes and removes groups and folder when its input ends%s', async (_, script) => {
    const { folder, keeper, exited } = await keep(script);
    // The keeper, its watcher, unshare and the script, and a group in each tree of control groups.
    expect(left(folder).length).toBeGreaterThan(4);
    keeper.stdin.end();
    await exited;
    expect(left(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('does the same by SIGTERM, and when what it keeps ends by itself, whose exit code is its own', async () => {
    const asked = await keep(`${tell}; ${stay}`);
    asked.keeper.kill('SIGTERM');
    await asked.exited;
    expect(left(asked.folder)).toEqual([]);

    const { folder, exited } = await keep('echo started; exit 7');
    expect(await exited).toEqual([7, null]);
    expect(left(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('takes the processes along when it is killed itself, and leaves folder and groups', async () => {
    const { folder, exited } = await keep(`${tell}; ${stay}`);
    // The shell that waits for the end of the input first: it would end them too.
    const shells = left(folder).filter((one) => commandOf(one).includes('keeper.sh'));
    for (const pid of shells.sort((one, other) => Number(other) - Number(one)))
      process.kill(Number(pid), 'SIGKILL');
    expect(shells.length).toBe(2);
    await exited;
    await expect.poll(() => left(folder).filter((one) => /^\d+$/.test(one))).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    for (const group of left(folder)) rmdirSync(group);
    rmSync(folder, { recursive: true });
  });
});
