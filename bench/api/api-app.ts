import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiApp } from '../../src/api/app.ts';
import { createDemandModels } from '../../src/forecast/index.ts';
import type { HistorySource } from '../../src/history/source.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { silentLogger } from '../../src/platform/log.ts';
import { createWorkloads } from '../../src/scaler/index.ts';
import { readTiming, workloadDefaults } from '../../src/server/timing.ts';

/** A program: the API over as many workloads as WORKLOADS says, each with a model of its own that has learned its traffic. */
const count = Number(process.env['WORKLOADS'] ?? 1000);
const daySeconds = 86_400;

/** Demand of a day with a swing of its own, by the number in the query. */
function demandAt(query: string, unixSeconds: number): number {
  const own = Number(query.slice(query.indexOf('_') + 1)) % 97;
  const phase = (2 * Math.PI * (unixSeconds - 600 * own)) / daySeconds;
  return 100 + own + 60 * Math.sin(phase) + 5 * Math.sin(unixSeconds / (700 + own));
}

const source: HistorySource = {
  async range({ query, startSeconds, endSeconds, stepSeconds }) {
    const from = Math.ceil(startSeconds / stepSeconds) * stepSeconds;
    const length = Math.max(0, Math.floor((endSeconds - from) / stepSeconds) + 1);
    const timestamps = Float64Array.from({ length }, (_, index) => from + index * stepSeconds);
    return { stepSeconds, timestamps, values: timestamps.map((t) => demandAt(query, t)), warnings: [] };
  },
  async instant({ query, atSeconds }) {
    return { kind: 'value', value: demandAt(query, atSeconds), atSeconds };
  },
  rateWindowSeconds: () => 60,
};

const timing = readTiming();
const models = createDemandModels({
  resolveSource: () => ({ name: 'made', source }),
  refreshIntervalSeconds: timing.refreshInterval,
  freshSeconds: timing.freshAge,
  settleSeconds: timing.settle,
  clock: systemClock,
  log: silentLogger,
  onRefresh: () => undefined,
});
const workloads = createWorkloads({
  models,
  defaults: workloadDefaults(timing),
  maxWorkloads: count,
  maxPerNamespace: count,
  forgetAfterSeconds: daySeconds,
  clock: systemClock,
  monotonic: () => performance.now() / 1000,
  log: silentLogger,
  isForcedReactive: () => false,
});
for (let index = 0; index < count; index++) {
  workloads.open({
    namespace: `team-${index % 20}`,
    name: `checkout-api-${index}`,
    // Rows an hour apart are learned in a minute for a thousand workloads; answers cost the same.
    scalerMetadata: {
      query: `demand_${index}`,
      threshold: '10',
      queryStep: '1h',
      predictHorizon: '24h',
      unit: 'requests/s',
    },
  });
}
const noMetrics = () => ({ contentType: 'text/plain', body: Readable.from([]) });
const isLearned = () =>
  workloads.list().every(({ outcome, decision }) => outcome() !== undefined && decision() !== undefined);
while (!isLearned()) await sleep(500);

const app = await createApiApp({
  directory: workloads,
  adHoc: { history: () => Promise.reject(new Error('nothing is asked ad hoc')) },
  ready: () => ({ ready: true, reasons: [] }),
  metrics: { all: noMetrics, of: noMetrics },
  boundToLoopback: true,
  log: silentLogger,
  clock: systemClock,
  version: '0.0.0',
});
await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.stderr.write(`${JSON.stringify({ msg: 'listening', port })}\n`);
process.once('SIGTERM', () => process.exit(0));
