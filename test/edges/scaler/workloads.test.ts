import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import { createWorkloads, type Workloads } from '../../../src/scaler/workloads.ts';
import { createFakeModels } from './fake-models.ts';

const day = 86_400;
let clock: number;
let monotonic: number;
let workloads: Workloads;

beforeEach(() => {
  clock = 1_700_000_000;
  monotonic = 0;
  workloads = createWorkloads({
    models: createFakeModels(),
    defaults: {
      lags: {
        scrapeIntervalSeconds: 15,
        refreshIntervalSeconds: 10,
        kedaPollingSeconds: 30,
        hpaSyncSeconds: 15,
      },
      leadTimeSeconds: 120,
      freshSeconds: 15,
      blindSeconds: 1800,
    },
    maxWorkloads: 10,
    forgetAfterSeconds: day,
    clock: () => clock,
    monotonic: () => monotonic,
    log: silentLogger,
    isForcedReactive: () => false,
  });
});

const ref = (name: string) => ({
  namespace: 'shop',
  name,
  scalerMetadata: { query: 'up', threshold: '1' },
});

describe('workloads', () => {
  it('are forgotten when nobody has asked for them for a day, declared ones never', () => {
    workloads.open(ref('old'));
    workloads.open(ref('declared'), { declared: true });
    monotonic += day + 1;
    workloads.open(ref('new'));
    workloads.forgetIdle();
    expect(workloads.list().map(({ name }) => name)).toEqual(['declared', 'new']);
  });

  it('are all kept when the clock jumps ahead', () => {
    workloads.open(ref('app'));
    clock += 400 * day;
    workloads.forgetIdle();
    expect(workloads.list()).toHaveLength(1);
  });

  it('have names that Kubernetes could have', () => {
    expect(() => workloads.open(ref('x'.repeat(254)))).toThrow(/name: 254 characters are too many/);
  });
});
