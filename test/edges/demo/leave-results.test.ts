import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { leaveResults, mustCount } from '../../../demo/report/leave-results.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { runOf } from '../../pure/demo/report/demo-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const report = join(folder, 'demo.html');

/** A terminal, and what it was told; `press` presses Enter. */
function terminal() {
  const told = { stdout: '', stderr: '' };
  const { promise, resolve: press } = Promise.withResolvers<void>();
  const io = {
    stdout: (text: string) => {
      told.stdout += text;
    },
    stderr: (text: string) => {
      told.stderr += text;
    },
    isTty: true,
    env: {},
    enter: () => promise,
  };
  return { io, told, press };
}

describe('the results of the demo', () => {
  it('leave a report, whose path is printed, and keep the page until somebody presses Enter', async () => {
    const { io, told, press } = terminal();
    const order: string[] = [];
    const left = leaveResults(runOf(190), { json: false, report, picture: undefined }, io).then(() =>
      order.push('ended'),
    );
    await expect.poll(() => told.stderr).toContain('http://127.0.0.1:8080/demo/ until you press Enter');
    order.push('pressed');
    press();
    await left;
    expect(order).toEqual(['pressed', 'ended']);
    expect(told.stderr).toContain(`report: ${report}\n`);
    expect(readFileSync(report, 'utf8')).toContain('reactive: 148 requests shed');
    expect(told.stdout).toContain('At 0.05 per replica-hour');
  });

  it('wait for nobody where a program reads them', async () => {
    const { io, told } = terminal();
    await leaveResults(runOf(190), { json: true, report, picture: join(folder, 'demo.svg') }, io);
    expect(JSON.parse(told.stdout)).toMatchObject({ withheld: null, verdict: expect.any(String) });
    expect(told.stderr).not.toContain('Enter');
    expect(readFileSync(join(folder, 'demo.svg'), 'utf8')).toContain('<svg');
  });

  it('do not count where the machine was too busy, or where something went wrong', () => {
    const codeOf = (options: Parameters<typeof runOf>[1]) => {
      try {
        mustCount(runOf(190, options).summary);
        return 'counts';
      } catch (thrown) {
        return thrown instanceof ForescaleError ? thrown.code : thrown;
      }
    };
    expect(codeOf({})).toBe('counts');
    expect(codeOf({ withheld: 'too busy', errors: ['too busy'] })).toBe('not-measured');
    expect(codeOf({ errors: ['reactive: a replica did not start'] })).toBe('internal');
  });
});
