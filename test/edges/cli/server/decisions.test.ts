import { beforeEach, describe, expect, it } from 'vitest';
import { decisions } from '../../../pure/scaler/record/some-decisions.ts';
import { directoryOf, modelOf, taught, workloadOf } from '../../api/fixture.ts';
import { recordOf, startSeconds } from '../../api/record-fixture.ts';
import { commandAgainst } from './served.ts';

describe('forescale decisions', () => {
  const { serve, run, failing } = commandAgainst('decisions');
  const made = decisions(700, startSeconds);
  const last = made.at(-1)?.atSeconds ?? 0;
  const span = ['shop/checkout', '--from', String(startSeconds), '--to', String(last)];

  beforeEach(async () => {
    await serve({ directory: directoryOf([workloadOf(modelOf(taught(9)))]), record: recordOf(made) });
  });

  it('lists every decision of a span, on whatever number of pages', async () => {
    const { stdout } = await run([...span, '--format', 'ndjson']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { unix: number; time: string });
    expect(rows.map(({ unix }) => Math.floor(unix))).toEqual(
      made.map(({ atSeconds }) => Math.floor(atSeconds)),
    );
    expect(rows[0]?.time).toMatch(/^2026-01-06T\d\d:\d\d:\d\dZ$/);
  });

  it('prints a table with one heading, times in the zone, and which rule decided', async () => {
    const { stdout } = await run([...span, '--step', '10m', '--time-zone', 'Europe/Berlin']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^time +demand +expected +bound +signal +replicas +came +decided by$/);
    expect(lines[1]).toMatch(
      /^2026-01-06T\d\d:\d0:00\+01:00( +\d+\.?\d*){4} +\d+( +\d+\.?\d*| +–) {2}forecast/,
    );
    const whole = (await run(span)).stdout.trimEnd().split('\n');
    expect(whole).toHaveLength(1 + made.length);
    expect(whole.filter((line) => line.startsWith('time'))).toHaveLength(1);
  });

  it('prints a CSV with a heading and as many cells in each row', async () => {
    const { stdout } = await run([...span, '--format', 'csv']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^timestamp,unix,status,signal,/);
    expect(lines).toHaveLength(1 + made.length);
    expect(lines.filter((line) => line.startsWith('timestamp'))).toHaveLength(1);
    const columns = new Set(lines.map((line) => line.split(',').length));
    expect([...columns]).toEqual([lines[0]?.split(',').length]);
  });

  it('refuses what does not go together, and ends with 3 where nothing is on record', async () => {
    expect(await failing(['shop/checkout', '--from', '02:40', '--range', '1h'])).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--range: goes without --from'),
    });
    expect(await failing([])).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('NAMESPACE/NAME'),
    });
    expect(await failing(['shop/checkout', '--from', '2020-01-01', '--to', '2020-01-02'])).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no decision is on record'),
    });
    expect(await failing(['shop/other'])).toMatchObject({ exitCode: 1 });
  });
});
