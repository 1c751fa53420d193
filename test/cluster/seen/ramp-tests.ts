import { expect, it } from 'vitest';
import { leadsOf, podMinutes, quantile, rampSteps, startUps } from '../play/fleet-timeline.ts';
import { createForescaleApi, promQuery } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { names } from '../play/scaled-objects.ts';
import { scenario } from '../play/scenario.ts';
import type { Findings } from './findings.ts';

/** Hours between which the load of a morning rises. */
const ramp = { from: 5, until: 10 } as const;
const seconds = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} s` : 'never');

export function forecastTest(play: () => Play, { found }: Findings): void {
  it('forecasts from two weeks of history before the morning comes', async () => {
    const { access, timeAt } = play();
    const api = createForescaleApi(access);
    // Either replica may answer, and one that KEDA has not asked yet knows of the workload some seconds later.
    let known: Awaited<ReturnType<typeof api.workload>> | undefined;
    const decided = async () => {
      known = await api.workload(names.ours).catch(() => undefined);
      return known?.decision?.basis;
    };
    await expect.poll(decided, { interval: 500, timeout: 60_000 }).toMatch(/^(forecast|margin)$/);
    const { decision, leadTime } = known ?? (await api.workload(names.ours));
    const early = timeAt(ramp.from) - Date.now() / 1000;
    const window = decision?.windowSeconds ?? 0;
    found(
      'forecast',
      `app-a is decided by its forecast ${seconds(early)} before ${ramp.from}:00, looking ${window} s ahead (lead time ${leadTime.seconds} s)`,
      { earlySeconds: early, windowSeconds: window, leadTimeSeconds: leadTime.seconds },
    );
    expect(early).toBeGreaterThan(0);
  });
}

/** The morning of a day, counted from the first. */
export function rampTest(play: () => Play, { found, say }: Findings, day: number): void {
  it(`has replicas ready before the morning ramp of day ${day + 1} needs them, the reactive twin after`, async ({
    skip,
  }) => {
    const { watch, demand, timeAt, reach, tooBusy } = play();
    const [from, until] = [timeAt(ramp.from + 24 * day), timeAt(ramp.until + 24 * day)];
    await reach(ramp.until + 24 * day);
    const stepsOf = (app: string) =>
      rampSteps(
        { pods: watch.podsOf(app), asked: watch.askedOf(app) },
        demand,
        scenario.targetRequestsPerSecond,
        [from, until],
      );
    const [ours, twin] = [stepsOf(names.ours), stepsOf(names.twin)];
    for (const [index, { replicas, needed, ready, asked }] of ours.entries()) {
      const theirs = twin[index];
      const ahead = (at: number | undefined) =>
        at === undefined ? 'never' : `${(needed - at).toFixed(1)} s`;
      say(
        `  ${replicas} replicas, needed ${seconds(needed - from)} into the ramp: asked for ${ahead(asked)} and ready ${ahead(ready)} before; twin asked for ${ahead(theirs?.asked)}, ready ${ahead(theirs?.ready)} before`,
      );
    }
    const starts = startUps([...watch.podsOf(names.ours), ...watch.podsOf(names.twin)]);
    const [least = 0, ...others] = leadsOf(ours).toSorted((a, b) => a - b);
    const twinLeads = leadsOf(twin).toSorted((a, b) => a - b);
    const typical = quantile(twinLeads, 0.5);
    const minutes = (app: string) => podMinutes(watch.askedOf(app), [from, until]);
    found(
      `ramp of day ${day + 1}`,
      `${ours.length} steps ready ${seconds(least)} to ${seconds(others.at(-1) ?? least)} before they were needed; twin ${seconds(typical)} (median); ${starts.length} pods became ready within ${seconds(quantile(starts, 0.5))} (median), ${seconds(quantile(starts, 0.95))} (p95); pod-minutes ${minutes(names.ours).toFixed(1)}, twin ${minutes(names.twin).toFixed(1)}`,
      {
        steps: ours.length,
        leadSeconds: { least, most: others.at(-1) ?? least },
        twinLeadSeconds: { median: typical },
        startUpSeconds: { median: quantile(starts, 0.5), p95: quantile(starts, 0.95), pods: starts.length },
        podMinutes: { ours: minutes(names.ours), twin: minutes(names.twin) },
      },
    );
    expect(ours.length).toBeGreaterThan(3);
    if (!(least >= 0 && typical < 0)) withheld(tooBusy(), say, skip);
    expect(least).toBeGreaterThanOrEqual(0);
    expect(typical).toBeLessThan(0);
  });
}

/** Counts from the first ramp on until now, under a name. */
export function shedTest(play: () => Play, { found, say }: Findings, name: string): void {
  it(`rejects no request where the twin rejects many (${name})`, async ({ skip }) => {
    const { access, tooBusy, timeAt, machine } = play();
    // Counters, each from its pod's start: what a pod counted that is gone is still within the range.
    const total = async (metric: string, app: string, at?: number) => {
      const query = `sum(max_over_time(${metric}{app="${app}", instance!="history"}[30m])) or vector(0)`;
      return (await promQuery(access, query, at)) ?? 0;
    };
    const since = async (metric: string, app: string) =>
      (await total(metric, app)) - (await total(metric, app, timeAt(ramp.from)));
    const of = async (app: string) => ({
      requests: await since('app_requests_total', app),
      shed: await since('app_requests_shed_total', app),
    });
    const [ours, twin] = [await of(names.ours), await of(names.twin)];
    found(
      name,
      `Forescale ${ours.shed} of ${ours.requests} requests, reactive twin ${twin.shed} of ${twin.requests}`,
      { ours, twin },
    );
    found('machine', machine(), {});
    expect(ours.requests).toBeGreaterThan(1000);
    expect(Math.abs(ours.requests - twin.requests)).toBeLessThan(0.1 * ours.requests);
    // Pods are chosen by chance for each request, so that one of many may get too many at once; a twentieth is not chance.
    if (!(twin.shed > 50 && ours.shed < twin.shed / 20)) withheld(tooBusy(), say, skip);
    expect(twin.shed).toBeGreaterThan(50);
    expect(ours.shed).toBeLessThan(twin.shed / 20);
  });
}

/**
 * Skips the rest of a test that would fail, and says why, where the machine decided what was measured. A busy machine is never the
 * reason that it would pass: both fleets have the same pods on the same node.
 */
function withheld(why: string | undefined, say: (line: string) => void, skip: (note: string) => never): void {
  if (why === undefined) return;
  say(`withheld: ${why}`);
  skip(`withheld: ${why}`);
}
