import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The test files that take longest, the longest first. The whole run would wait for one that started last. Those that start
 * other programs mostly wait for them, so each of them has one beside it that calculates. Vitest's own order comes from the
 * durations of earlier runs, which a fresh checkout does not have.
 */
const longFiles: readonly string[] = [
  'test/real/e2e/demo.test.ts',
  'test/real/what-if/verdict.test.ts',
  'test/real/cli/tutorial.test.ts',
  'test/real/docs-site/docs-site.test.ts',
  'test/real/compose-stack.test.ts',
  'test/real/load-tests/on-the-app.test.ts',
  'test/pure/forecast/core/seasons/found-seasons.test.ts',
  'test/real/telemetry-app/drain.test.ts',
  'test/pure/forecast/core/clock/local-time.test.ts',
  'test/real/package.test.ts',
  'test/real/image.test.ts',
  'test/pure/forecast/core/seasons/seasons-found.test.ts',
  'test/real/telemetry-app/chain.test.ts',
  'test/pure/forecast/core/robustness.test.ts',
  'test/real/telemetry-app/tracing.test.ts',
  'test/pure/telemetry-app/capacity.test.ts',
  'test/real/load-tests/on-the-server.test.ts',
  'test/k8s/rendered.test.ts',
  'test/real/telemetry-app/page.test.ts',
  'test/real/telemetry-app/metrics.test.ts',
  'test/real/api/page/accessibility.test.ts',
  'test/real/api/page/workload.test.ts',
  'test/real/api/page/what-if.test.ts',
  'test/real/integration/faults.test.ts',
  'test/real/load-tests/failing.test.ts',
];
/** The projects in the order in which their other files start. Files of one project stay together to share workers. */
const projects: readonly string[] = ['k8s', 'pure', 'edges', 'real', 'cluster'];

/** Orders the files of all projects of a run: the long files, and after them project by project. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = await super.sort(files);
    return byProject.sort((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId, project }: TestSpecification): number {
  const place = longFiles.indexOf(relative(project.config.root, moduleId));
  return place >= 0 ? place : longFiles.length + projects.indexOf(project.name);
}
