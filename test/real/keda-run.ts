import { expect, type TestContext } from 'vitest';
import { type KedaRuns, kedaRuns, noteKedaRun } from '../../tools/manifests/keda-runs.ts';
import type { ApiServer } from './api-server.ts';
import { mustSucceed } from './server-dry-run.ts';

/**
 * Expects that a run of a release of KEDA on this API server is noted, for the table in docs/kubernetes.md. Call it in the last test
 * of the suite. With FORESCALE_NOTE_RUNS=true it notes the run first, where every other test of the suite passed.
 */
export async function expectNoted(
  kind: keyof KedaRuns,
  keda: string,
  server: ApiServer,
  task: TestContext['task'],
): Promise<void> {
  const told = await mustSucceed(server.kubectl, ['get', '--raw', '/version']);
  const { gitVersion } = JSON.parse(told) as { readonly gitVersion: string };
  const others = task.suite?.tasks.filter((other) => other !== task) ?? [];
  const passed = others.length > 0 && others.every(({ result }) => result?.state === 'pass');
  if (process.env['FORESCALE_NOTE_RUNS'] === 'true' && passed) noteKedaRun(kind, keda, gitVersion);
  expect(kedaRuns()[kind][keda], 'note the run with FORESCALE_NOTE_RUNS=true, then `make docs`').toBe(
    gitVersion,
  );
}
