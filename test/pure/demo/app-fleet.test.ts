import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppFleetOptions, openAppFleet } from '../../../demo/app-fleet.ts';

describe('a fleet of processes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forescale-fleet-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A fleet of programs that start at once and only count; time passes when the test says so. */
  async function open(options: Partial<AppFleetOptions> = {}) {
    let now = 100;
    let port = 0;
    const delays: number[] = [];
    const stopped: number[] = [];
    const targetsFile = join(folder, 'targets.json');
    const fleet = await openAppFleet({
      async start(readyDelaySeconds) {
        delays.push(readyDelaySeconds);
        const own = ++port;
        const stop = async () => void stopped.push(own);
        return { url: `http://127.0.0.1:${own}`, port: own, stop };
      },
      initialReplicas: 1,
      startUpSeconds: 4,
      readyDelaySeconds: 3,
      labels: { fleet: 'one' },
      targetsFile,
      clock: () => now,
      drainMs: 0,
      ...options,
    });
    const targets = async () => JSON.parse(await readFile(targetsFile, 'utf8'));
    return { fleet, delays, stopped, targets, pass: (seconds: number) => (now += seconds) };
  }

  it('has its first replicas at once, and those added later when their start-up is over', async () => {
    const { fleet, delays, pass } = await open();
    expect(fleet.readyUrls()).toEqual(['http://127.0.0.1:1']);
    await fleet.scale(3);
    pass(3.9);
    expect([fleet.replicas, fleet.readyUrls().length]).toEqual([3, 1]);
    pass(0.2);
    expect(fleet.readyUrls()).toHaveLength(3);
    expect(delays).toEqual([0, 3, 3]);
    await fleet.stop();
  });

  it('costs what was asked for, starting replicas included, for as long as it was', async () => {
    const { fleet, pass } = await open();
    pass(10);
    await fleet.scale(3);
    pass(2);
    expect(fleet.replicaSeconds()).toBeCloseTo(10 + 6);
    await fleet.scale(1);
    pass(5);
    expect(fleet.replicaSeconds()).toBeCloseTo(10 + 6 + 5);
    await fleet.stop();
  });

  it('tells Prometheus where its replicas are, and whose they are', async () => {
    const { fleet, targets, stopped } = await open();
    await fleet.scale(2);
    await expect.poll(async () => (await targets())[0].targets.length).toBe(2);
    expect(await targets()).toEqual([{ targets: ['127.0.0.1:1', '127.0.0.1:2'], labels: { fleet: 'one' } }]);
    await fleet.scale(1);
    expect(await targets()).toMatchObject([{ targets: ['127.0.0.1:1'] }]);
    await fleet.stop();
    expect(stopped.sort()).toEqual([1, 2]);
  });

  it('is not opened when a first replica does not start, and says why when a later one does not', async () => {
    const failing = async () => Promise.reject(new Error('app-a ended before it was ready'));
    await expect(open({ start: failing })).rejects.toThrow('app-a ended before it was ready');
    let started = 0;
    const stop = async () => {};
    const { fleet } = await open({
      start: () =>
        started++ === 0 ? Promise.resolve({ url: 'http://127.0.0.1:9', port: 9, stop }) : failing(),
    });
    await fleet.scale(2);
    await expect.poll(() => fleet.failures.length).toBe(1);
    expect(fleet.failures[0]).toContain('ended before it was ready');
    expect(fleet.readyUrls()).toEqual(['http://127.0.0.1:9']);
    await fleet.stop();
  });
});
