import { expect, it } from 'vitest';
import { silentLogger } from '../../../../src/platform/log.ts';
import { createClusterFacts } from '../../../../src/scaler/index.ts';
import { turnsDuring } from '../../../support/longest-turn.ts';
import { fakeCluster } from './fake-cluster.ts';

/** Nothing may hold the event loop for longer, milliseconds of CPU. */
const blockedMs = 25;
const minute = 6_000_000 * 300;

it('holds the event loop for no longer than 25 ms while the cluster is looked at for ten thousand workloads', async () => {
  const facts = createClusterFacts({
    metrics: fakeCluster(),
    settleSeconds: 60,
    clock: () => minute + 31,
    log: silentLogger,
    onRefresh: () => undefined,
  });
  const followed = Array.from({ length: 10_000 }, (_, index) => facts.follow('shop', `web-${index}`));
  const { longestMs } = await turnsDuring(facts.start);
  expect(longestMs).toBeLessThan(blockedMs);
  expect(followed.every((one) => one.at(minute + 31) !== undefined)).toBe(true);
  await facts.close();
});
