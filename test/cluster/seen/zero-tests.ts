import { expect, it } from 'vitest';
import { readyAt } from '../play/fleet-timeline.ts';
import { createForescaleApi } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { names, nightlyHours } from '../play/scaled-objects.ts';
import type { Findings } from './findings.ts';

export function zeroTest(play: () => Play, { found }: Findings): void {
  it('scales to zero in the night and wakes before the work begins', async () => {
    const { watch, timeAt, reach } = play();
    const work = timeAt(24 + nightlyHours.from);
    await reach(24 + nightlyHours.from + 0.5);
    const pods = watch.podsOf(names.nightly);
    const evening = timeAt(nightlyHours.until);
    const ticks = Array.from({ length: Math.floor(work - evening) }, (_, second) => evening + second);
    const asleep = ticks.filter((at) =>
      pods.every(({ created, gone }) => created > at || (gone ?? Infinity) <= at),
    );
    const woken = pods
      .filter(({ created }) => created > evening && created < work)
      .map(({ ready }) => ready ?? Infinity);
    const lead = work - Math.min(...woken);
    found(
      'zero',
      `no pod for ${asleep.length} s of the night; the first is ready ${lead.toFixed(1)} s before the work begins, ${readyAt(pods, work)} then`,
      { asleepSeconds: asleep.length, leadSeconds: lead, readyThen: readyAt(pods, work) },
    );
    expect(asleep.length).toBeGreaterThan(30);
    expect(lead).toBeGreaterThan(0);
    expect(Number.isFinite(lead)).toBe(true);
  });
}

export function leadTimeTest(play: () => Play, { found }: Findings): void {
  it('learns the lead time that watching the pods gives', async () => {
    const { watch, access } = play();
    const api = createForescaleApi(access);
    const learned = async () => (await api.workload(names.ours)).leadTime;
    await expect
      .poll(async () => (await learned()).from, { interval: 2_000, timeout: 600_000 })
      .toBe('cluster');
    const { p95Seconds, starts, seconds } = await learned();
    // By the server's own times, as kube-state-metrics tell them, in the order in which the pods became ready.
    const watched = watch
      .podsOf(names.ours)
      .flatMap(({ createdByServer: created, readyByServer: ready }) =>
        ready === undefined ? [] : [{ ready, took: ready - created }],
      )
      .sort((a, b) => a.ready - b.ready)
      .slice(0, starts ?? 0)
      .map(({ took }) => took)
      .sort((a, b) => a - b);
    const p95 = watched[Math.min(watched.length - 1, Math.ceil(0.95 * watched.length) - 1)] ?? Number.NaN;
    found(
      'lead time',
      `learned p95 ${p95Seconds} s of ${starts} starts (used: ${seconds} s); watched p95 ${p95.toFixed(1)} s of the first ${watched.length} pods`,
      { learnedP95Seconds: p95Seconds, starts, watchedP95Seconds: p95 },
    );
    expect(Math.abs((p95Seconds ?? 0) - p95)).toBeLessThanOrEqual(2);
  });
}
