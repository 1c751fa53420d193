import { writeFile } from 'node:fs/promises';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { ForescaleError } from '../../src/platform/errors.ts';
import { renderReport } from './final-report.ts';
import { htmlReport } from './html-report.ts';
import { drawDemo } from './picture.ts';
import type { DemoRun, DemoSummary } from './summary.ts';

/** How and where results are left. */
interface Leaving {
  readonly json: boolean;
  /** File of the report. */
  readonly report: string;
  /** File of the picture. */
  readonly picture: string | undefined;
}

/** Prints the results, writes the report and the picture, and in a terminal waits until somebody has seen the page. */
export async function leaveResults(
  run: DemoRun,
  { json, report, picture }: Leaving,
  io: CommandIo,
): Promise<void> {
  const { summary, pageUrl } = run;
  if (picture !== undefined) {
    const verdict = summary.verdict ?? 'not compared, because the machine was too busy';
    const drawn = drawDemo({ ...run, verdict });
    if (drawn !== undefined) {
      await writeFile(picture, drawn);
      io.stderr(`… drawn: ${picture}\n`);
    }
  }
  await writeFile(report, htmlReport(run));
  io.stdout(json ? `${JSON.stringify(summary)}\n` : `${renderReport(run)}\n`);
  io.stderr(`report: ${report}\n`);
  if (json || io.enter === undefined) return;
  io.stderr(`The page stays on ${pageUrl} until you press Enter.\n`);
  await io.enter();
}

/** Throws where the results do not count: the machine was too busy (exit code 3), or something went wrong (1). */
export function mustCount({ withheld, errors }: DemoSummary): void {
  if (withheld !== null) throw new ForescaleError('not-measured', withheld);
  const [error] = errors;
  if (error !== undefined) throw new ForescaleError('internal', error);
}
