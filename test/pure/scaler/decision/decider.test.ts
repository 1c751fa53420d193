import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../../src/forecast/index.ts';
import { createDecider } from '../../../../src/scaler/decision/decider.ts';
import { unplayedService } from '../../../../src/scaler/service-level/played-service.ts';
import { usualPolicy } from './usual-policy.ts';

const policy = usualPolicy;
const start = 1_000_000;

/** A decider over a model whose answers and clock the test sets, and that counts how often the model is asked. */
function made() {
  const world = {
    nowSeconds: start,
    isForced: false,
    policy,
    replicas: undefined as number | undefined,
    observed: { value: 30, atSeconds: start } as Observation | undefined,
    newestSeconds: start - 60,
    bound: 80,
    /** What the model throws when it is asked for the peak; undefined = it answers. */
    bug: undefined as unknown,
    heard: [] as unknown[],
    asked: [] as unknown[],
  };
  const decider = createDecider({
    model: {
      observed: () => world.observed,
      newestSeconds: () => world.newestSeconds,
      peak: (request) => {
        world.asked.push(request);
        if (world.bug !== undefined) throw world.bug;
        return {
          status: 'ok',
          origin: world.newestSeconds,
          windowSeconds: request.windowSeconds,
          bounds: [world.bound / 2, world.bound],
          quantiles: {},
          credibleMaximum: 100,
        };
      },
    },
    policyAt: () => world.policy,
    replicasAt: () => world.replicas,
    service: () => unplayedService(world.policy.serviceLevel),
    quantumSeconds: 10,
    clock: () => world.nowSeconds,
    isForcedReactive: () => world.isForced,
    onForecast: (error) => world.heard.push(error),
  });
  return { world, decider };
}

describe('a decision', () => {
  it('is made when something is new and kept: asking asks no model', () => {
    const { world, decider } = made();
    const made1 = decider.update();
    expect(made1).toMatchObject({ signal: 80, observed: 30, atSeconds: start });
    world.nowSeconds = start + 9;
    for (let i = 0; i < 1000; i++) expect(decider.decision()).toBe(made1);
    world.bound = 500;
    world.nowSeconds = start + 12;
    expect(decider.decision()).toMatchObject({ signal: 80, atSeconds: start + 12 });
    expect(world.asked).toHaveLength(1);
    expect(decider.update()).toMatchObject({ signal: 300 });
  });

  it('stays as it was for whoever has it, whatever is decided later', () => {
    const { world, decider } = made();
    const handedOut: { readonly decision: unknown; readonly copy: unknown }[] = [];
    const hold = (decision: unknown) => handedOut.push({ decision, copy: structuredClone(decision) });
    for (let step = 0; step < 20; step++) {
      world.nowSeconds += 10;
      world.bound = 80 + step;
      world.isForced = step % 7 === 6;
      if (step % 3 !== 2) world.observed = { value: 30 + step, atSeconds: world.nowSeconds };
      hold(decider.update());
      world.nowSeconds += 10;
      hold(decider.decision());
    }
    expect(new Set(handedOut.map(({ decision }) => decision)).size).toBe(40);
    for (const { decision, copy } of handedOut) expect(decision).toEqual(copy);
  });

  it('looks from now on, however old the newest row is', () => {
    const { world, decider } = made();
    world.newestSeconds = start - 30 * 3600;
    expect(decider.update()).toMatchObject({ dataAgeSeconds: 30 * 3600, windowSeconds: 200 });
    expect(world.asked).toEqual([{ leadSeconds: 30 * 3600, windowSeconds: 200, quantiles: [0.5, 0.99] }]);
  });

  it('goes blind when its observation is no longer fresh, without an update, and ends when that is too old', () => {
    const { world, decider } = made();
    decider.update();
    world.nowSeconds = start + 15;
    expect(decider.decision()?.fresh).toBe(true);
    world.nowSeconds = start + 15.1;
    expect(decider.decision()).toMatchObject({ fresh: false, signal: 80 });
    world.nowSeconds = start + 1800.5;
    expect(decider.decision()).toBeUndefined();
  });

  it('follows the kill switch at once, and back', () => {
    const { world, decider } = made();
    decider.update();
    world.isForced = true;
    expect(decider.decision()).toMatchObject({ signal: 30 });
    world.isForced = false;
    expect(decider.decision()).toMatchObject({ signal: 80 });
  });

  it('is made anew after the clock went back', () => {
    const { world, decider } = made();
    decider.update();
    world.nowSeconds = start - 86_400;
    expect(decider.decision()).toBeUndefined();
  });

  it('is the same however often it was asked in between', () => {
    const asked = made();
    const silent = made();
    for (const { world, decider } of [asked, silent]) {
      decider.update();
      world.observed = { value: 1e12, atSeconds: start + 10, previousValue: 30 };
      world.nowSeconds = start + 10;
      decider.update();
    }
    for (let t = 11; t < 60; t++) {
      asked.world.nowSeconds = start + t;
      asked.decider.decision();
    }
    silent.world.nowSeconds = start + 59;
    expect(silent.decider.decision()).toEqual({
      ...asked.decider.decision(),
      atSeconds: start + 59,
      fallbackReasons: expect.anything(),
    });
    // What nothing confirmed is not held.
    expect(silent.decider.decision()).toMatchObject({ fresh: false, signal: 80 });
  });

  it('holds the same while blind whether a first sample or the history that makes it incredible came first', () => {
    const early = made();
    const late = made();
    early.world.bug = new Error('nothing has been read yet');
    for (const { world, decider } of [early, late]) {
      world.observed = { value: 1e6, atSeconds: start };
      decider.update();
      world.bug = undefined;
      expect(decider.update()).toMatchObject({ signal: 1e6, fresh: true });
      world.nowSeconds = start + 60;
    }
    expect(late.decider.decision()).toMatchObject({ signal: 300, fresh: false, active: true });
    expect(early.decider.decision()).toEqual(late.decider.decision());
  });

  it('keeps what was good before the history was known where the sample before it was as high', () => {
    const { world, decider } = made();
    world.bug = new Error('nothing has been read yet');
    world.observed = { value: 1e6, atSeconds: start, previousValue: 0.9e6 };
    decider.update();
    world.bug = undefined;
    world.observed = { value: 1e9, atSeconds: start + 10, previousValue: 1e6 };
    world.nowSeconds = start + 10;
    decider.update();
    world.nowSeconds = start + 60;
    expect(decider.decision()).toMatchObject({ signal: 1e6, fresh: false });
  });

  it('is held over a restart only as far as others were, where one sample stands alone and no history is known', () => {
    const { world, decider } = made();
    world.bug = new Error('no history');
    const observe = (value: number, previousValue?: number) => {
      world.nowSeconds += 10;
      world.observed = {
        value,
        atSeconds: world.nowSeconds,
        ...(previousValue === undefined ? {} : { previousValue }),
      };
      return { served: decider.update()?.signal, held: decider.lastGood() };
    };
    expect(observe(1e6).held).toMatchObject({ signal: 1e6, observed: 1e6 });
    const usual = observe(50, 1e6).held;
    const alone = observe(1e6, 50);
    expect(alone).toMatchObject({
      served: 1e6,
      held: { ...usual, atSeconds: world.nowSeconds, active: true },
    });
    // Blind it is held as before: nothing says that it is not there any more.
    world.nowSeconds += 600;
    expect(decider.decision()).toMatchObject({ signal: 1e6, fresh: false });
    expect(observe(2e6, 1e6).held).toMatchObject({ signal: 2e6, observed: 2e6 });
    // What one replica carries wakes a workload that slept.
    observe(0, 2e6);
    expect(observe(policy.threshold, 0).held).toMatchObject({ signal: policy.threshold, active: true });
    observe(0, policy.threshold);
    expect(observe(1e6, 0).held).toMatchObject({ signal: 0, active: true });
  });

  it('keeps the forecast of a model that fails for as long as a blind workload is served, and says what it threw', () => {
    const { world, decider } = made();
    decider.update();
    const bug = new TypeError('of the model');
    world.bug = bug;
    for (const [seconds, signal] of [
      [600, 80],
      [1800, 80],
      [1801, 30],
    ] as const) {
      world.nowSeconds = start + seconds;
      world.observed = { value: 30, atSeconds: world.nowSeconds };
      expect(decider.update()).toMatchObject({ fresh: true, signal });
    }
    expect(decider.decision()?.fallbackReasons).toEqual(['the model failed: TypeError: of the model']);
    expect(world.heard).toEqual([undefined, bug, bug, bug]);
  });

  it('keeps the forecast of a model whose bound is no number', () => {
    const { world, decider } = made();
    decider.update();
    world.bound = Number.NaN;
    expect(decider.update()).toMatchObject({ signal: 80, active: true });
  });

  it('is the observed demand where a model fails at the first question', () => {
    const { world, decider } = made();
    world.bug = new TypeError('of the model');
    expect(decider.update()).toMatchObject({ signal: 30, basis: 'observed' });
  });

  it('of ten thousand workloads takes no model and less than a turn of the event loop', () => {
    const all = Array.from({ length: 10_000 }, made);
    for (const { decider } of all) decider.update();
    for (const { world } of all) world.nowSeconds = start + 14;
    for (const { decider } of all) expect(decider.decision()?.signal).toBe(80);
    expect(all.every(({ world }) => world.asked.length === 1)).toBe(true);
  });

  it('raises over the tolerance as far as the replicas at hand need', () => {
    const { world, decider } = made();
    world.policy = { ...policy, hpaTolerance: 0.1 };
    world.bound = 195;
    const raised = (replicas: number | undefined) => {
      world.replicas = replicas;
      return Math.ceil((decider.update()?.signal ?? 0) / 10);
    };
    expect([undefined, 19, 20, 30].map(raised)).toEqual([21, 21, 20, 20]);
  });
});
