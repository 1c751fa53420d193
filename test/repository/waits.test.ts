import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot, trackedFiles } from './project-files.ts';

/** Calls that give up after about a second by default, and waits that end before the other side has sent everything. */
const failsWhenBusy: Readonly<Record<string, RegExp>> = {
  'wait with expect.poll or eventually, whose patience is said once': /\bvi\.(?:waitUntil|waitFor)\(/,
  'what a process has said is all there on close, not on exit': /const \[\w+\] = await once\(\w+, 'exit'\)/,
  'no page is waited for less than its browser would': /\.waitFor\(\{ timeout/,
};

it('no test is failed by a machine that is busy with others', () => {
  const files = trackedFiles('test').filter((file) => file.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => {
    const text = readFileSync(join(projectRoot, file), 'utf8');
    return Object.entries(failsWhenBusy).flatMap(([rule, pattern]) =>
      pattern.test(text) ? [`${file}: ${rule}`] : [],
    );
  });
  expect(found).toEqual([]);
});

/** Holds 2 KB for every finished wait until its time is over; src/platform/deadline.ts releases it at once. */
const unreleasedWait = /\bAbortSignal\.(?:any|timeout)\(/;

it('every wait with an end is made by src/platform/deadline.ts, which holds nothing afterwards', () => {
  expect(unreleasedWait.test('signal: AbortSignal.timeout(1_000)')).toBe(true);
  const files = ['src', 'bench', 'demo', 'tools', 'test']
    .flatMap((folder) => trackedFiles(folder))
    .filter((file) => file.endsWith('.ts') && file !== 'test/repository/waits.test.ts');
  expect(files.length).toBeGreaterThan(400);
  expect(files.filter((file) => unreleasedWait.test(readFileSync(join(projectRoot, file), 'utf8')))).toEqual(
    [],
  );
});
