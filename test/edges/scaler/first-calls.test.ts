import type { sendUnaryData } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import { createScalerService, createWorkloads } from '../../../src/scaler/index.ts';
import { createFakeModels } from './fake-models.ts';

const clock = () => 1_000_000;
const lags = {
  scrapeIntervalSeconds: 15,
  refreshIntervalSeconds: 10,
  kedaPollingSeconds: 30,
  hpaSyncSeconds: 15,
};

function createService() {
  const models = createFakeModels();
  models.observed = { value: 30, atSeconds: clock() };
  const workloads = createWorkloads({
    models,
    defaults: { lags, leadTimeSeconds: 120, freshSeconds: 15, blindSeconds: 1800 },
    maxWorkloads: 100,
    maxPerNamespace: 100,
    forgetAfterSeconds: 86_400,
    clock,
    monotonic: clock,
    log: silentLogger,
    isForcedReactive: () => false,
  });
  const { handlers } = createScalerService({ workloads, log: silentLogger, onRpc() {}, monotonic: clock });
  const isActive = handlers['IsActive'] as unknown as (
    call: { readonly request: object },
    done: sendUnaryData<{ result?: boolean }>,
  ) => void;
  const ask = (name: string) =>
    new Promise<boolean | undefined>((resolve, reject) => {
      const scalerMetadata = { query: `q_${name}`, threshold: '10' };
      isActive({ request: { namespace: 'shop', name, scalerMetadata } }, (error, answer) =>
        error === null ? resolve(answer?.result) : reject(error),
      );
    });
  return { ask, opened: () => models.requests.length };
}

const eventLoopTurn = () => new Promise((resolve) => setImmediate(resolve));

it('opens workloads one in a turn of the event loop, however many first calls came at once', async () => {
  const { ask, opened } = createService();
  const answers = ['a', 'b', 'c', 'd', 'e'].map(ask);
  const perTurn: number[] = [];
  while (opened() < 5) {
    const before = opened();
    await eventLoopTurn();
    perTurn.push(opened() - before);
  }
  expect(Math.max(...perTurn)).toBe(1);
  expect(await Promise.all(answers)).toEqual([true, true, true, true, true]);
});

it('answers without waiting for a turn where the workload is open', async () => {
  const { ask } = createService();
  await ask('a');
  let isAnswered = false;
  void ask('a').then(() => {
    isAnswered = true;
  });
  // Promises settle before the event loop turns.
  await new Promise((resolve) => process.nextTick(resolve));
  for (let round = 0; round < 20; round++) await Promise.resolve();
  expect(isAnswered).toBe(true);
});
