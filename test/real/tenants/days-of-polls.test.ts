import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from '../../repository/project-files.ts';
import { isLongForm } from '../../support/long-form.ts';

const life = isLongForm ? { days: 30, pollSeconds: 15 } : { days: 6, pollSeconds: 120 };
/** From then on the heap may grow by this share: a tenth of a month has seen everything that is forgotten after a day. */
const firstDays = isLongForm ? 3 : 1;
const growthRatio = 0.05;

interface Outcome {
  readonly polls: number;
  readonly failures: number;
  /** Models that are held in the end: those of the steady workloads and of the last day's job. */
  readonly models: number;
  /** Memory in use at the end of each day. */
  readonly bytes: readonly number[];
}

it(
  'holds no more memory after many days of polls than after the first',
  async ({ annotate, signal }) => {
    const program = join(projectRoot, 'test/real/tenants/polls-of-days.ts');
    const args = ['--expose-gc', program, String(life.days), String(life.pollSeconds)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
    const { polls, failures, models, bytes } = JSON.parse(stdout) as Outcome;
    const first = bytes[firstDays - 1] ?? Number.NaN;
    const most = Math.max(...bytes.slice(firstDays));
    const percent = (100 * (most / first - 1)).toFixed(1);
    await annotate(
      `${polls} polls in ${life.days} days of virtual time: ${percent} % more memory than after day ${firstDays} (${(first / 1024 ** 2).toFixed(1)} MiB)`,
    );
    expect(bytes).toHaveLength(life.days);
    expect(failures).toBe(0);
    expect(models).toBe(4);
    expect(most).toBeLessThanOrEqual(first * (1 + growthRatio));
  },
  isLongForm ? 3_600_000 : 120_000,
);
