import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCall } from '../../../bench/hourly/call-file.ts';
import { temporaryFolder } from '../../edges/cli/made-history.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const hours = (count: number, shift: number) =>
  Array.from({ length: count }, (_, hour) =>
    (100 + 40 * Math.sin((hour + shift) / 4) + (hour % 7)).toFixed(1),
  );
const file = folder.file(
  'two.csv',
  [
    '"V1","V2","V3"',
    `"H1",${hours(300, 0).join(',')}`,
    `H2,${hours(200, 3).join(',')}${','.repeat(100)}`,
    `H3,1,,${hours(200, 5).join(',')}`,
    '',
  ].join('\n'),
);
const score = (...args: string[]) =>
  execFileSync(process.execPath, ['bench/hourly/score-calls.ts', ...args], { encoding: 'utf8', env: {} });

describe('calls of many hourly series', () => {
  it('are read from tables like those of M4, with series of several lengths and gaps', async () => {
    const [first, second, third] = await readCall(file);
    expect([first?.name, second?.name, third?.name]).toEqual(['H1', 'H2', 'H3']);
    expect([first?.past.length, second?.past.length, third?.past.length]).toEqual([252, 152, 154]);
    expect(second?.truth).toEqual(Float64Array.from(hours(200, 3).slice(-48), Number));
    expect(third?.past[1]).toBeNaN();
  });

  it('are scored one at a time and many at once', () => {
    const table = score('--calls', dirname(file));
    expect(table).toMatch(/^two +3 +one at a time +\d\.\d{3} /m);
    expect(table).toMatch(/^two +3 +many at once +\d\.\d{3} .*\d\.\d{3} +\d\.\d{3}$/m);
  });

  it('are counted as skipped where there is no folder', () => {
    const nowhere = join(dirname(file), 'nowhere');
    expect(score('--calls', nowhere)).toBe(`0 calls measured, all skipped: no CSV file in ${nowhere}\n`);
    expect(score()).toBe('0 calls measured, all skipped: no CSV file in FORESCALE_CALLS\n');
  });
});
