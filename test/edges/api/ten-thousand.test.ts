import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { createLiveChanges } from '../../../src/api/stream/live-changes.ts';
import type { WorkloadView } from '../../../src/forecast/index.ts';
import { turnsDuring } from '../../support/longest-turn.ts';
import {
  apiOptions,
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  taught,
  workloadOf,
} from './fixture.ts';

/** Nothing may hold the event loop for longer, milliseconds of CPU. */
const blockedMs = 25;
const count = 10_000;
const model = modelOf(taught(2));

/** Workloads that share what they learned, which takes no time to make. */
const workloads: readonly WorkloadView[] = Array.from({ length: count }, (_, index) => {
  const decision = { ...goodDecision, signal: 100 + index / 7, fresh: index % 3 !== 0 };
  return workloadOf(model, {
    namespace: `team-${index % 40}`,
    name: `a-workload-with-a-long-name-${(index * 7919) % count}`,
    outcome: () => goodOutcome,
    decision: () => decision,
  });
});
const directory = directoryOf(workloads);

let app: ApiInstance;
beforeAll(async () => {
  app = await createApiApp(apiOptions({ directory }));
  // The first request of all makes the routes, which is no work on workloads.
  await app.inject('/healthz');
});
afterAll(() => app.close());

it.each([
  ['the list of workloads', '/api/v1/workloads?limit=1000'],
  ['its last page', '/api/v1/workloads?limit=1000&offset=9000'],
  ['the list by name', '/api/v1/workloads?sort=name&limit=100'],
  ['a list in which nothing is', '/api/v1/workloads?namespace=nobody'],
  ['the state of the server', '/api/v1/status'],
])('holds the event loop for no longer than 25 ms for %s, of ten thousand workloads', async (_, url) => {
  const turns = await turnsDuring(async () => expect((await app.inject(url)).statusCode).toBe(200));
  expect(turns.longestMs).toBeLessThan(blockedMs);
});

it('holds it no longer while somebody follows the changes of ten thousand workloads', async () => {
  let seconds = nowSeconds;
  const served = workloads.map((one, index) => ({
    ...one,
    decision: () => ({ ...goodDecision, signal: index + seconds }),
  }));
  const changes = createLiveChanges(
    { directory: directoryOf(served), serverMode: () => 'active', clock: () => nowSeconds },
    20,
  );
  const told = new Set<object>();
  const turns = await turnsDuring(async () => {
    const stop = changes.listen(({ workload }) => told.add(workload));
    for (let round = 0; round < 3 || told.size < count; round++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      seconds++;
    }
    stop();
  });
  expect(turns.longestMs).toBeLessThan(blockedMs);
});
