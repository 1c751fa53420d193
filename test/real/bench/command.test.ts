import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { benchCommand } from '../../../bench/command.ts';
import { csvOf, temporaryFolder, workingWeekRows } from '../../edges/cli/made-history.ts';
import { runAdded } from '../../edges/cli/run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const traces = dirname(folder.file('busy-30m.csv', csvOf(workingWeekRows(28, 1800))));
folder.file('idle-1h.csv', csvOf(workingWeekRows(28, 3600)));
folder.file('notes.txt', 'no trace');
const quick = ['--every', '3h', '--parts', 'accuracy,opponents', '--opponents', 'persistence,fft-replay'];

describe('bench', () => {
  it('counts a folder without traces as skipped and does not fail', async () => {
    for (const env of [{}, { FORESCALE_TRACES: join(traces, 'nowhere') }]) {
      const args = 'FORESCALE_TRACES' in env ? ['bench'] : ['bench', '--traces', join(traces, 'nowhere')];
      const { stdout } = await runAdded(benchCommand.add, args, { env });
      expect(stdout).toBe(
        `1 skipped: no trace (*.csv) in ${join(traces, 'nowhere')}; give --traces DIR or FORESCALE_TRACES\n`,
      );
    }
  });

  it('scores every trace of the folder and says what became of the bars', async () => {
    const { stdout, stderr } = await runAdded(benchCommand.add, ['bench', '--traces', traces, ...quick]);
    expect(stdout).toContain('The bars');
    expect(stdout).toMatch(/error ÷ best naive, 5m–1h +≤ 0\.780 +\d\.\d{3} +(met|missed)/);
    expect(stdout).toMatch(/\d+ of \d+ met; \d+ more are not measured by this run/);
    expect(stdout).not.toContain('memory of a series');
    expect(stdout).toMatch(/^busy-30m +– +– +– +\d/m);
    expect(stdout).toMatch(/^idle-1h +– +– +– +– +\d/m);
    expect(stdout).toMatch(/^FFT replay /m);
    expect(stderr).toBe('');
  });

  it('keeps to the traces whose name contains a part', async () => {
    const { stdout } = await runAdded(benchCommand.add, [
      'bench',
      '--traces',
      traces,
      '--only',
      'idle',
      ...quick,
    ]);
    expect(stdout).toContain('idle-1h');
    expect(stdout).not.toContain('busy-30m');
  });

  it('gives the same figures again, as JSON and as files', async () => {
    const out = join(traces, 'out');
    mkdirSync(out);
    const args = ['bench', '--traces', traces, ...quick, '--json'];
    const once = await runAdded(benchCommand.add, [...args, '--out', out]);
    const again = await runAdded(benchCommand.add, args);
    const figures = (text: string) => {
      const { results, verdicts } = JSON.parse(text) as {
        results: { horizons: unknown; peaks: unknown }[];
        verdicts: unknown[];
      };
      return { verdicts, scores: results.map(({ horizons, peaks }) => ({ horizons, peaks })) };
    };
    expect(figures(again.stdout).verdicts.length).toBeGreaterThan(20);
    expect(figures(again.stdout)).toEqual(figures(once.stdout));
    expect(readFileSync(join(out, 'benchmark.json'), 'utf8')).toBe(once.stdout);
    expect(readFileSync(join(out, 'benchmark.md'), 'utf8')).toContain('## The bars');
    const picture = readFileSync(join(out, 'benchmark.svg'), 'utf8');
    expect(picture).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(picture).not.toMatch(/NaN|undefined|Infinity|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  });

  it('shows progress to a person, and only to one', async () => {
    const { stderr } = await runAdded(
      benchCommand.add,
      ['bench', '--traces', traces, '--only', 'idle', ...quick],
      {
        isTty: true,
      },
    );
    expect(stderr).toContain('1/1 idle-1h 0%');
  });

  it('names everything that is wrong with its flags at once', async () => {
    const args = ['bench', '--every', 'often', '--opponents', 'nobody', '--parts', 'cots', '--origins', '0'];
    await expect(runAdded(benchCommand.add, args)).rejects.toMatchObject({
      fieldErrors: [
        { field: '--every' },
        { field: '--opponents', value: 'nobody' },
        { field: '--origins' },
        { field: '--parts', value: 'cots' },
      ],
    });
  });

  it('ends when it is interrupted', async () => {
    const run = runAdded(benchCommand.add, ['bench', '--traces', traces, ...quick], {
      signal: AbortSignal.abort(),
    });
    await expect(run).rejects.toThrow(/abort/);
  });
});
