import { expect, it } from 'vitest';
import { createDemandModels } from '../../../src/forecast/demand-models.ts';
import { createSources } from '../../../src/history/profiles.ts';
import { silentLogger } from '../../../src/platform/log.ts';
import { parseTriggerMetadata } from '../../../src/scaler/trigger-metadata.ts';
import { createWorkload } from '../../../src/scaler/workload.ts';

const defaults = {
  lags: { scrapeIntervalSeconds: 15, refreshIntervalSeconds: 10, kedaPollingSeconds: 30, hpaSyncSeconds: 15 },
  leadTimeSeconds: 120,
  freshSeconds: 15,
  blindSeconds: 1800,
};

/** What a user reads of a trigger with this query, asked of a source that is down. */
async function warningsOf(query: string, more: Record<string, string> = {}) {
  // Nothing listens at the discard port.
  const sources = createSources({ defaultUrl: 'http://127.0.0.1:9', profiles: [], allowedAddresses: [] });
  const clock = () => 1_700_000_005;
  const models = createDemandModels({
    resolveSource: sources.resolve,
    refreshIntervalSeconds: 10,
    freshSeconds: 15,
    clock,
    log: silentLogger,
    onRefresh: () => undefined,
  });
  const parsed = parseTriggerMetadata({ query, threshold: '10', ...more });
  const options = {
    namespace: 'shop',
    name: 'web',
    trigger: 't',
    parts: { models, clock, defaults, log: silentLogger, isForcedReactive: () => false },
  };
  const workload = createWorkload({ ...options, ...parsed });
  const { warnings } = workload;
  workload.release();
  await models.close();
  await sources.close();
  return warnings;
}

it('a trigger whose query lags by more than counts has a warning that names the key and the remedy', async () => {
  expect(await warningsOf('avg_over_time(x[1d])')).toEqual([
    { field: 'query', message: expect.stringMatching(/^query: .*12h.*peakWindow/) },
  ]);
  expect(await warningsOf('sum(rate(x[2m]))')).toEqual([]);
});

it('a trigger whose timeout is longer than a value stays fresh has a warning', async () => {
  expect(await warningsOf('x', { timeout: '12s' })).toEqual([
    { field: 'timeout', value: '12000', message: expect.stringMatching(/longer than 5s .*timing.freshAge/) },
  ]);
  expect(await warningsOf('x', { timeout: '3000' })).toEqual([]);
});
