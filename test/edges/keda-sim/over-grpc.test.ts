import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKedaSim, type KedaSim, type KedaSimOptions } from '../../../src/keda-sim/index.ts';
import type { KedaSimEvent } from '../../../src/keda-sim/timeline.ts';
import { type FakeScaler, startFakeScaler } from './fake-scaler.ts';

// KEDA's e2e settings (kedacore/keda tests/scalers/external_scaler_so), a hundred times as fast.
const hundredfold = {
  scaledObject: { namespace: 'default', name: 'web', metadata: { metricThreshold: '10' } },
  pollingIntervalSeconds: 0.05,
  hpaSyncSeconds: 0.15,
  cooldownSeconds: 0.1,
  idleReplicas: 0,
  minReplicas: 1,
  maxReplicas: 2,
} satisfies Partial<KedaSimOptions>;

let scaler: FakeScaler;
let sim: KedaSim | undefined;

beforeEach(async () => {
  scaler = await startFakeScaler();
});

afterEach(async () => {
  await sim?.stop();
  scaler.stop();
});

function start(overrides: Partial<KedaSimOptions> = {}): KedaSim {
  sim = createKedaSim({ ...hundredfold, ...overrides, scaler: scaler.address });
  sim.start();
  return sim;
}

/**
 * Answers like the scaler of KEDA's e2e tests: active while the integer is above zero, and without a value where it is
 * negative.
 */
function report(metricValue: number, metricValueFloat = -1): void {
  scaler.answer.values = [
    { ...(metricValue >= 0 && { metricValue }), ...(metricValueFloat >= 0 && { metricValueFloat }) },
  ];
  scaler.answer.active = metricValue > 0;
}

async function reaches(replicas: number): Promise<void> {
  await expect.poll(() => sim?.state().replicas).toBe(replicas);
}

describe("KEDA's e2e sequences against a scaler over gRPC", () => {
  it('plays external_scaler_so: 0, 1, 2, 0, with integers as an old scaler reports them', async () => {
    report(0);
    start();
    await reaches(0);
    report(10);
    await reaches(1);
    report(20);
    await reaches(2);
    report(0);
    await reaches(0);
    expect(sim?.state().failures).toBe(0);
  });

  it('plays external_push_scaler: 0, then 3 for 22.222 at a target of 6.111, then 0', async () => {
    report(0);
    scaler.answer.specs = [
      { metricName: 'external-scaler-e2e-test', targetSize: 10, targetSizeFloat: 6.111 },
    ];
    start({ maxReplicas: 3, push: true });
    await reaches(0);
    report(20, 22.222);
    await reaches(3);
    report(0, 0);
    await reaches(0);
  });

  it('is woken by the stream alone when the poll is far away', async () => {
    report(0);
    const events: KedaSimEvent[] = [];
    start({
      push: true,
      pollingIntervalSeconds: 3600,
      initialReplicas: 0,
      onEvent: (event) => void events.push(event),
    });
    await expect.poll(scaler.openStreams).toBe(1);
    await expect.poll(() => sim?.state().polls).toBe(1);
    scaler.push(true);
    await reaches(1);
    expect(events).toContainEqual(expect.objectContaining({ from: 'push', reason: 'Activated' }));
    expect(sim?.state().polls).toBe(1);
  });

  it('keeps the replicas and counts the failures while the scaler reports nothing', async () => {
    report(20);
    const running = start();
    await reaches(2);
    scaler.answer.values = [];
    const { failedHpaSyncs } = running.state();
    await expect.poll(() => sim?.state().failedHpaSyncs).toBeGreaterThan(failedHpaSyncs + 1);
    expect(sim?.state()).toMatchObject({ replicas: 2, failedPolls: 0, lastFailure: { code: 'EMPTY' } });
  });

  it('ends streams and calls with stop, even one that hangs', async () => {
    report(20);
    scaler.answer.hanging = 'IsActive';
    const running = start({ push: true });
    await expect.poll(scaler.openStreams).toBe(1);
    await expect.poll(() => scaler.seen.some(({ rpc }) => rpc === 'IsActive')).toBe(true);
    await running.stop();
    await expect.poll(scaler.openStreams).toBe(0);
    expect(running.state().polls).toBe(0);
  });

  it('survives a scaler that goes away', async () => {
    report(20);
    start();
    await reaches(2);
    scaler.stop();
    await expect.poll(() => sim?.state().failedPolls).toBeGreaterThan(2);
    expect(sim?.state()).toMatchObject({ replicas: 2, lastFailure: { code: 'UNAVAILABLE' } });
  });
});
