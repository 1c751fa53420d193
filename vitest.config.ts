import { defineConfig } from 'vitest/config';

/**
 * Three speeds. `pure`: no I/O and no global state, so files share workers. `edges`: servers and clients in this process.
 * `real`: other programs are started.
 */
export default defineConfig({
  test: {
    // A hanging test must end; how long a test takes is not what is tested, and the machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // One more than the two cores of CI: tests with real processes wait more than they calculate.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: ['test/pure/**/*.test.ts'], pool: 'threads', isolate: false },
      },
      { extends: true, test: { name: 'edges', include: ['test/{edges,repository}/**/*.test.ts'] } },
      { extends: true, test: { name: 'real', include: ['test/{real,k8s,stack}/**/*.test.ts'] } },
    ],
  },
});
