import { describe, expect, it } from 'vitest';
import { createKedaSim, type KedaSim, type KedaSimOptions } from '../../../src/keda-sim/index.ts';
import type { KedaSimEvent } from '../../../src/keda-sim/timeline.ts';
import { createFakeConnection, type FakeConnection } from './fake-connection.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

interface Stage {
  readonly sim: KedaSim;
  readonly scaler: FakeConnection;
  readonly time: VirtualTime;
  /** Everything that happened, the newest last. */
  readonly events: readonly KedaSimEvent[];
}

/** A simulation in virtual time against a scaler that is a plain object; stopped when `play` is done. */
async function onStage(
  options: Partial<KedaSimOptions>,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const time = createVirtualTime();
  const scaler = createFakeConnection();
  const events: KedaSimEvent[] = [];
  const sim = createKedaSim({
    scaler,
    onEvent: (event) => void events.push(event),
    scaledObject: { namespace: 'default', name: 'web', metadata: {} },
    clock: time.clock,
    timers: time.timers,
    ...options,
  });
  try {
    await play({ sim, scaler, time, events });
  } finally {
    await sim.stop();
  }
}

const fastDown = { scaleDown: { stabilizationWindowSeconds: 0 } };

describe('how often KEDA and the HPA ask', () => {
  it('makes 18 unary calls a minute by default, 6 of them GetMetrics', () =>
    onStage({ minReplicas: 1 }, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(60.5);
      scaler.log.length = 0;
      await time.advance(60);
      expect(scaler.log).toHaveLength(18);
      expect(scaler.log.filter((rpc) => rpc === 'GetMetrics')).toHaveLength(6);
    }));

  it('makes 10 a minute with useCachedMetrics, 2 of them GetMetrics', () =>
    onStage({ minReplicas: 1, useCachedMetrics: true }, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(60.5);
      scaler.log.length = 0;
      await time.advance(60);
      expect(scaler.log).toHaveLength(10);
      expect(scaler.log.filter((rpc) => rpc === 'GetMetrics')).toHaveLength(2);
    }));

  it('asks for the specification once before the first poll, to write the HPA', () =>
    onStage({}, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(0);
      expect(scaler.log).toEqual(['GetMetricSpec', 'GetMetricSpec', 'GetMetrics', 'IsActive']);
    }));

  it('keeps the polling interval while the scaler is slow', () => {
    const time = createVirtualTime();
    const fake = createFakeConnection();
    const scaler: typeof fake = {
      ...fake,
      isActive: async (options) => {
        await time.timers.wait(10, options.signal);
        return fake.isActive(options);
      },
    };
    return onStage({ scaler, clock: time.clock, timers: time.timers }, async ({ sim, events }) => {
      sim.start();
      await time.advance(100);
      const polled = events.map((event) => event.atSeconds);
      expect(polled).toEqual([10, 40, 70, 100]);
    });
  });

  it('does not ask for the HPA while there are no replicas', () =>
    onStage({}, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(1);
      scaler.log.length = 0;
      await time.advance(28);
      expect(scaler.log).toEqual([]);
    }));
});

describe("KEDA's own end-to-end tests, replayed", () => {
  // keda tests/scalers/external_scaler_so: pollingInterval 5, cooldown 10, idle 0, min 1, max 2, target 10.
  const e2e = {
    pollingIntervalSeconds: 5,
    cooldownSeconds: 10,
    idleReplicas: 0,
    minReplicas: 1,
    maxReplicas: 2,
    initialReplicas: 1,
  };

  it('goes 0, 1, 2 and back to 0 with the value', () =>
    onStage(e2e, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(60);
      expect(sim.state().replicas).toBe(0);
      scaler.answer.value = 10;
      await time.advance(60);
      expect(sim.state().replicas).toBe(1);
      scaler.answer.value = 20;
      await time.advance(120);
      expect(sim.state().replicas).toBe(2);
      scaler.answer.value = 0;
      await time.advance(120);
      expect(sim.state().replicas).toBe(0);
      expect(sim.state()).toMatchObject({ lowestReplicas: 0, highestReplicas: 2, changes: 4, failures: 0 });
    }));

  it('reaches 3 with the float value of the push test', () =>
    onStage({ ...e2e, maxReplicas: 3, push: true }, async ({ sim, scaler, time }) => {
      scaler.answer.target = 6.111;
      sim.start();
      await time.advance(60);
      scaler.answer.value = 22.222;
      await time.advance(120);
      expect(sim.state().replicas).toBe(3);
    }));
});

describe('scaling', () => {
  it('follows the value up and down and says why', () =>
    onStage({ minReplicas: 1, behavior: fastDown }, async ({ sim, scaler, time, events }) => {
      scaler.answer.value = 50;
      sim.start();
      await time.advance(15);
      scaler.answer.value = 15;
      await time.advance(15);
      const hpa = events.filter((event) => event.from === 'hpa');
      expect(hpa).toMatchObject([
        { atSeconds: 15, value: 50, desired: 5, replicas: 5, reason: 'DesiredWithinRange' },
        { atSeconds: 30, value: 15, desired: 2, replicas: 2, reason: 'DesiredWithinRange' },
      ]);
    }));

  it('holds a scale-down for the stabilization window', () =>
    onStage({ minReplicas: 1, initialReplicas: 5, behavior: {} }, async ({ sim, scaler, time }) => {
      scaler.answer.value = 50;
      sim.start();
      await time.advance(60);
      scaler.answer.value = 10;
      await time.advance(299);
      expect(sim.state().replicas).toBe(5);
      await time.advance(15);
      expect(sim.state().replicas).toBe(1);
    }));

  it('counts replicas as ready after the start-up time', () =>
    onStage({ minReplicas: 1, startUpSeconds: 40 }, async ({ sim, scaler, time }) => {
      scaler.answer.value = 40;
      sim.start();
      await time.advance(15);
      expect(sim.state()).toMatchObject({ replicas: 4, ready: 1 });
      await time.advance(39);
      expect(sim.state().ready).toBe(1);
      await time.advance(1);
      expect(sim.state().ready).toBe(4);
    }));

  it('keeps the target of the first reconcile, as KEDA does', () =>
    onStage({ minReplicas: 1 }, async ({ sim, scaler, time }) => {
      scaler.answer.value = 30;
      sim.start();
      await time.advance(1);
      scaler.answer.target = 1;
      await time.advance(60);
      expect(sim.state().replicas).toBe(3);
    }));

  it('goes to zero by IsActive even when the metric is above zero', () =>
    onStage({ cooldownSeconds: 60, initialReplicas: 3 }, async ({ sim, scaler, time }) => {
      scaler.answer.value = 30;
      sim.start();
      await time.advance(45);
      expect(sim.state().replicas).toBe(3);
      scaler.answer.active = false;
      await time.advance(120);
      expect(sim.state().replicas).toBe(0);
    }));
});

describe('faults', () => {
  it('keeps the replicas while the scaler fails, however long, and never goes to zero', () =>
    onStage({ initialReplicas: 3, cooldownSeconds: 10 }, async ({ sim, scaler, time, events }) => {
      scaler.answer.value = 30;
      sim.start();
      await time.advance(30);
      scaler.answer.failing = 'GetMetrics';
      await time.advance(3600);
      expect(sim.state().replicas).toBe(3);
      expect(sim.state().lastFailure).toEqual({
        what: 'GetMetrics',
        code: 'UNAVAILABLE',
        message: 'told to fail',
      });
      expect(sim.state().failedPolls).toBe(120);
      expect(events.at(-1)).toMatchObject({ value: null, replicas: 3 });
    }));

  it('writes the HPA with the first poll that learns the metric', () =>
    onStage({ minReplicas: 1 }, async ({ sim, scaler, time }) => {
      scaler.answer.value = 30;
      scaler.answer.failing = 'GetMetricSpec';
      sim.start();
      await time.advance(45);
      expect(sim.state()).toMatchObject({ replicas: 1, hpaSyncs: 0 });
      scaler.answer.failing = undefined;
      await time.advance(30);
      expect(sim.state().replicas).toBe(3);
    }));

  it('has no HPA for a target of zero, and says so', () =>
    onStage({ minReplicas: 1 }, async ({ sim, scaler, time }) => {
      scaler.answer.target = 0;
      scaler.answer.value = 30;
      sim.start();
      await time.advance(20);
      expect(sim.state()).toMatchObject({ replicas: 1, hpaSyncs: 0 });
      expect(sim.state().lastFailure).toMatchObject({ code: 'INVALID_TARGET' });
    }));

  it('stands still while a poll hangs: no more polls, and a push waits too', () =>
    onStage({ push: true }, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(1);
      scaler.answer.hanging = 'GetMetrics';
      await time.advance(120);
      scaler.push(true);
      await time.advance(60);
      expect(sim.state()).toMatchObject({ replicas: 0, polls: 1 });
    }));

  it('survives a fleet and a listener that throw', () =>
    onStage(
      {
        minReplicas: 1,
        onScale: () => Promise.reject(new Error('no machines left')),
        readyReplicas: () => {
          throw new Error('cannot count');
        },
        onEvent: () => {
          throw new Error('no more paper');
        },
      },
      async ({ sim, scaler, time }) => {
        scaler.answer.value = 30;
        sim.start();
        await time.advance(60);
        expect(sim.state()).toMatchObject({ replicas: 3, polls: 3, hpaSyncs: 4 });
        expect(sim.state().failures).toBeGreaterThan(3);
      },
    ));
});

describe('push', () => {
  it('wakes the workload from zero at once, long before the next poll', () =>
    onStage({ push: true, pollingIntervalSeconds: 600 }, async ({ sim, scaler, time, events }) => {
      sim.start();
      await time.advance(10);
      scaler.push(true);
      await time.advance(0);
      expect(events.at(-1)).toMatchObject({
        from: 'push',
        atSeconds: 10,
        replicas: 1,
        reason: 'Activated',
      });
    }));

  it('does nothing for false, which KEDA ignores', () =>
    onStage({ push: true, pollingIntervalSeconds: 600 }, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(10);
      scaler.push(false);
      await time.advance(1);
      expect(sim.state().replicas).toBe(0);
    }));

  it('reconnects after 2, 4, 8 … 60 seconds, and after 2 again only when the stream ended cleanly', () =>
    onStage({ push: true, pollingIntervalSeconds: 1e6 }, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(0);
      const opened: number[] = [];
      let streams = scaler.calls.StreamIsActive;
      const endAndTime = async (code?: string) => {
        const endedAt = time.clock();
        scaler.endStream(code);
        while (scaler.calls.StreamIsActive === streams) await time.advance(1);
        streams = scaler.calls.StreamIsActive;
        opened.push(time.clock() - endedAt);
      };
      for (let broken = 0; broken < 7; broken++) await endAndTime('UNAVAILABLE');
      await endAndTime();
      expect(opened).toEqual([2, 4, 8, 16, 32, 60, 60, 2]);
      expect(sim.state()).toMatchObject({ failures: 7, lastFailure: { what: 'StreamIsActive' } });
    }));
});

describe('a real fleet', () => {
  it('is asked for one size at a time, and then for the newest', async () => {
    const asked: number[] = [];
    const waiting: (() => void)[] = [];
    const onScale = (replicas: number) => {
      asked.push(replicas);
      return new Promise<void>((resolve) => waiting.push(resolve));
    };
    await onStage({ minReplicas: 1, behavior: fastDown, onScale }, async ({ sim, scaler, time }) => {
      scaler.answer.value = 20;
      sim.start();
      await time.advance(15);
      scaler.answer.value = 50;
      await time.advance(15);
      scaler.answer.value = 70;
      await time.advance(15);
      expect(asked).toEqual([2]);
      waiting.shift()?.();
      await time.advance(0);
      expect(asked).toEqual([2, 7]);
      waiting.shift()?.();
    });
  });

  it('is counted as it says itself', () =>
    onStage({ minReplicas: 1, readyReplicas: () => 17 }, async ({ sim }) => {
      expect(sim.state().ready).toBe(17);
    }));
});

describe('the end', () => {
  it('comes with stop, after which nothing is asked any more', () =>
    onStage({ minReplicas: 1, push: true }, async ({ sim, scaler, time }) => {
      sim.start();
      await time.advance(60);
      await sim.stop();
      scaler.log.length = 0;
      await time.advance(600);
      expect(scaler.log).toEqual([]);
    }));

  it('comes even while the scaler hangs, and twice is once', () =>
    onStage({ minReplicas: 1 }, async ({ sim, scaler, time }) => {
      scaler.answer.hanging = 'IsActive';
      sim.start();
      await time.advance(60);
      await sim.stop();
      await sim.stop();
      expect(sim.state().polls).toBe(0);
    }));

  it('comes without a start', () => onStage({}, async ({ sim }) => sim.stop()));
});
