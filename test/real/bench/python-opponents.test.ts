import { execFile, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { opponents } from '../../../bench/opponents/table.ts';
import { createWindowLane } from '../../../bench/opponents/window-lane.ts';
import { calendarOf } from '../../../src/what-if/models/index.ts';
import { csvOf, temporaryFolder, workingWeekRows } from '../../edges/cli/made-history.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { whyNoLongForm } from '../../support/long-form.ts';

const run = promisify(execFile);
const models = ['lightgbm', 'auto-ces', 'dynamic-theta', 'mstl-ets'];
const lightgbm = opponents.lightgbm;
const lacking = lightgbm.kind === 'window' ? ((await lightgbm.unavailable()) ?? whyNoLongForm) : undefined;
const note = lacking === undefined ? '' : ` (skipped: ${lacking})`;
const hasPython = spawnSync('python3', ['--version']).status === 0;

const folder = temporaryFolder();
afterAll(() => folder.remove());
const traces = dirname(folder.file('busy-1h.csv', csvOf(workingWeekRows(28, 3600))));
const withoutPackages = { ...process.env, FORESCALE_CACHE_DIR: traces };

/** Processes that this one started and that run the program of the opponents. */
async function runningPrograms(): Promise<readonly string[]> {
  const { stdout } = await run('ps', ['-eo', 'ppid,args']);
  return stdout
    .split('\n')
    .filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('python/answer.py'));
}

it.skipIf(lacking !== undefined)(`an opponent in Python ends its process with the lane${note}`, async () => {
  const lane = createWindowLane();
  const values = Float64Array.from({ length: 240 }, (_, hour) => 100 + 5 * (hour % 24));
  const tasks = [{ values, firstSeconds: 0, horizonSteps: 24 }];
  const [answer] = await lane.ask({ opponent: 'lightgbm', tasks, calendar: calendarOf(3600) });
  expect(answer?.path).toHaveLength(24);
  expect(await runningPrograms()).toHaveLength(1);
  await lane.close();
  await expect.poll(runningPrograms).toEqual([]);
});

describe('where opponents in Python cannot run', () => {
  const program = join(projectRoot, 'bench/opponents/outside/python/answer.py');
  const bench = (env: NodeJS.ProcessEnv) =>
    run(
      process.execPath,
      [
        join(projectRoot, 'bench/main.ts'),
        ...['--traces', traces, '--parts', 'opponents', '--opponents', `persistence,${models.join(',')}`],
      ],
      { env },
    );

  it('counts each of them as skipped, with the remedy', async () => {
    const { stdout } = await bench({ ...withoutPackages, PATH: traces });
    const counted = stdout.match(/Skipped, counted: .*: no python3 on this machine; .* run make tools\./g);
    expect(counted).toHaveLength(models.length);
    expect(stdout).toMatch(/^persistence .* 0\.\d\d /m);
  });

  it.skipIf(!hasPython)('says that packages were not fetched [needs python3]', async () => {
    const { stdout } = await bench(withoutPackages);
    const counted = stdout.match(
      /Skipped, counted: .*: its Python packages are not fetched .* run make tools\./g,
    );
    expect(counted).toHaveLength(models.length);
  });

  it.skipIf(!hasPython)(
    'names the folder that lacks packages, and the models there are [needs python3]',
    () => {
      const said = (...args: string[]) =>
        spawnSync('python3', [program, ...args], { env: withoutPackages, encoding: 'utf8', input: '' });
      const unfetched = said('auto-ces');
      expect(unfetched.status).toBe(1);
      expect(unfetched.stderr).toContain(`auto-ces lacks packages in ${traces}`);
      expect(unfetched.stderr).toContain('run `make tools`');
      expect(said('prophet').stderr).toContain(`MODEL is one of ${models.join(', ')}`);
    },
  );
});
