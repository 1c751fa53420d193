import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { benchCommand } from '../../../bench/command.ts';
import {
  askedQuantiles,
  startOutsideForecaster,
} from '../../../bench/opponents/outside/outside-forecaster.ts';
import { csvOf, temporaryFolder, workingWeekRows } from '../../edges/cli/made-history.ts';
import { runAdded } from '../../edges/cli/run-command.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const example = 'python3 bench/opponents/outside/seasonal-naive.py';
const note = hasPython ? '' : ' [needs python3]';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const traces = dirname(folder.file('busy-10m.csv', csvOf(workingWeekRows(14, 600))));

const stepSeconds = 3600;
const day = Array.from({ length: 24 }, (_, hour) => 100 + 5 * hour);
const threeDays = { values: Float64Array.from([...day, ...day, ...day]), firstSeconds: 0, horizonSteps: 30 };

async function asked(command: string, task = threeDays) {
  const forecaster = startOutsideForecaster(command);
  try {
    return await forecaster.ask(task, stepSeconds, askedQuantiles);
  } finally {
    await forecaster.close();
  }
}

describe.skipIf(!hasPython)(`the example of an outside forecaster${note}`, () => {
  it('answers a path for every quantile', async () => {
    const { quantiles = {} } = await asked(example);
    expect(Object.keys(quantiles).map(Number)).toEqual([...askedQuantiles]);
    expect(quantiles['0.5']).toEqual([...day, ...day.slice(0, 6)]);
  });

  it('says when it has too little history', async () => {
    const short = { ...threeDays, values: threeDays.values.slice(0, 30) };
    expect((await asked(example, short)).quantiles).toBeUndefined();
  });

  it('takes part in the tables of errors and of money', async () => {
    const { stdout } = await runAdded(benchCommand.add, [
      'bench',
      '--traces',
      traces,
      '--short',
      ...['--parts', 'opponents,money', '--opponents', 'none', '--origins', '10'],
      ...['--start-ups', '5m', '--opponent', example],
    ]);
    expect(stdout).toMatch(/^outside forecaster +(–|\d)/m);
    expect(stdout).toMatch(/^5m +outside forecaster +\d\.\d\d% \/ \d/m);
    expect(stdout).toContain(`--opponent '${example}'`);
  });
});

describe('an outside forecaster that fails', () => {
  it('is named with how it ended', async () => {
    await expect(asked('exit 3')).rejects.toThrow(
      'the outside forecaster "exit 3" ended with exit code 3 without an answer',
    );
  });

  it('is told what its answer lacks', async () => {
    const answer = JSON.stringify({ quantiles: { 0.5: [1, 2] } });
    await expect(asked(`read line; echo '${answer}'`)).rejects.toThrow(
      'no 30 finite numbers at quantiles["0.5"]: [1,2]',
    );
    await expect(asked("read line; echo 'hello'")).rejects.toThrow('hello');
  });

  it('is ended when it does not end itself', async () => {
    const before = performance.now();
    await asked("read line; echo '{}'; sleep 600");
    expect(performance.now() - before).toBeLessThan(60_000);
  });
});
