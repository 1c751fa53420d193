import { expect, it } from 'vitest';
import { clusterStanding } from '../../../src/scaler/cluster-facts/cluster-standing.ts';
import { parseTriggerMetadata } from '../../../src/scaler/trigger-metadata.ts';
import { createWorkloadRules, type WorkloadDefaults } from '../../../src/scaler/workload-rules.ts';

const defaults: WorkloadDefaults = {
  lags: { scrapeIntervalSeconds: 15, refreshIntervalSeconds: 10, kedaPollingSeconds: 30, hpaSyncSeconds: 15 },
  leadTimeSeconds: 120,
  freshSeconds: 15,
  blindSeconds: 1_800,
};
const { settings } = parseTriggerMetadata({ query: 'demand', threshold: '10' });

it('makes the rules of a workload anew only where the cluster has changed what they depend on', () => {
  const rulesOf = createWorkloadRules({ settings, defaults }, { rateWindowSeconds: 60, settleSeconds: 60 });
  const usual = clusterStanding(settings, defaults, undefined, 0);
  const rules = rulesOf(usual);
  expect(rulesOf(clusterStanding(settings, defaults, undefined, 3_600))).toBe(rules);
  const changed = [
    { ...usual, leadTime: { ...usual.leadTime, seconds: 300 } },
    { ...usual, hpaTolerance: { ...usual.hpaTolerance, up: 0.05 } },
    { ...usual, hasHpa: true },
  ];
  for (const cluster of changed) expect(rulesOf(cluster)).not.toEqual(rules);
  expect(rulesOf(changed[0] ?? usual).policy.windowSeconds).toBe(rules.policy.windowSeconds + 180);
  expect(rulesOf(usual)).toEqual(rules);
});
