import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/support/long-files-first.ts';
import { createRunReport } from './test/support/run-report.ts';

/**
 * A cluster takes both cores and root for minutes, and images of containers take both for a minute, so that their tests run where the
 * command line names them and not with all others.
 */
const isNamed = (name: string) => process.argv.slice(2).some((word) => word.includes(name));

/**
 * The test files in six projects, by what a file may do:
 * `pure` only calculates, `edges` opens servers and clients in its own process, `k8s` judges rendered manifests,
 * `real` starts other programs, `images` builds images of containers, and `cluster` starts a cluster of a real node or a Docker
 * engine. Files of one project share a worker and its modules, so that Fastify and gRPC are loaded and manifests rendered once a worker
 * and not once a file; they therefore leave global state as they found it.
 */
export default defineConfig({
  test: {
    // A hanging test must end; how long a test takes is not what is tested, and the machine may be busy.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 120_000 } },
    // More than there are cores: tests with real processes wait more than they calculate.
    maxWorkers: availableParallelism() + 2,
    // Node keeps what it has compiled here: tests start our programs some two hundred times, each a quarter faster for it.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('.cache/node-compile-cache', import.meta.url)) },
    isolate: false,
    // One line for each file, and the output of failed tests only.
    reporters: ['default', createRunReport()],
    slowTestThreshold: 120_000,
    silent: 'passed-only',
    sequence: { sequencer: LongFilesFirst },
    projects: [
      { extends: true, test: { name: 'pure', include: ['test/pure/**/*.test.ts'], pool: 'threads' } },
      { extends: true, test: { name: 'edges', include: ['test/{edges,repository}/**/*.test.ts'] } },
      { extends: true, test: { name: 'k8s', include: ['test/k8s/**/*.test.ts'] } },
      { extends: true, test: { name: 'real', include: ['test/{real,stack}/**/*.test.ts'] } },
      ...(isNamed('images')
        ? [{ extends: true as const, test: { name: 'images', include: ['test/images/**/*.test.ts'] } }]
        : []),
      ...(isNamed('cluster')
        ? [
            {
              extends: true as const,
              // One after the other: each has a cluster of its own.
              test: {
                ...{ name: 'cluster', include: ['test/cluster/**/*.test.ts'], maxWorkers: 1 },
                sequence: { groupOrder: 1 },
              },
            },
          ]
        : []),
    ],
  },
});
