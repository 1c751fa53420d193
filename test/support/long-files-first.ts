import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The test files that take longest, the longest first. The whole run would wait for one that started last. All are of one project,
 * because a worker that goes on with a file of another is started anew. Vitest's own order comes from the durations of earlier runs, which a
 * fresh checkout does not have.
 */
const longFiles: readonly string[] = [
  'test/real/e2e/demo.test.ts',
  'test/real/what-if/verdict.test.ts',
  'test/real/tenants/kills.test.ts',
  'test/real/docs-site/docs-site.test.ts',
  'test/real/api/page/accessibility.test.ts',
  'test/real/integration/faults.test.ts',
  'test/real/compose-stack.test.ts',
  'test/real/load-tests/on-the-app.test.ts',
  'test/real/load-tests/on-the-server.test.ts',
  'test/real/cli/what-if.test.ts',
  'test/real/api/page/workload.test.ts',
  'test/real/tenants/tenants.test.ts',
  'test/real/shards/three-shards.test.ts',
  'test/real/telemetry-app/chain.test.ts',
  'test/real/api/page/real-service.test.ts',
  'test/real/telemetry-app/tracing.test.ts',
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
