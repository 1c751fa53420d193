import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mustSucceed } from '../../real/server-dry-run.ts';
import { askedAt } from '../play/fleet-timeline.ts';
import { externalMetric, promQuery } from '../play/forescale-api.ts';
import type { Play } from '../play/play.ts';
import { rolledOut } from '../play/rollouts.ts';
import { names, namespace } from '../play/scaled-objects.ts';
import type { Findings } from './findings.ts';

interface Sample {
  readonly at: number;
  readonly value: number | undefined;
}

/** Reads what KEDA hands on of some ScaledObjects, twice a second, until a piece of work is done. */
async function sampledDuring(
  { access }: Play,
  scaledObjects: readonly string[],
  work: () => Promise<void>,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map(scaledObjects.map((name) => [name, [] as Sample[]]));
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      for (const [name, seen] of samples) {
        const value = await externalMetric(access, name).catch(() => undefined);
        seen.push({ at: Date.now() / 1000, value });
      }
      await sleep(500);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await sampling;
  }
  return samples;
}

/** Errors that KEDA counts of the ScaledObjects of the namespace, and calls that Forescale answered with an error. */
async function callErrors({ access }: Play): Promise<{ readonly keda: number; readonly answered: number }> {
  const sum = async (query: string) => (await promQuery(access, `sum(${query}) or vector(0)`)) ?? 0;
  return {
    keda:
      (await sum(
        `keda_scaled_object_errors_total{namespace="${namespace}", scaledObject!="${names.twin}"}`,
      )) +
      (await sum(`keda_scaler_detail_errors_total{namespace="${namespace}", scaledObject!="${names.twin}"}`)),
    answered: await sum('max_over_time(forescale_rpc_requests_total{status!="OK"}[30m])'),
  };
}

export function restartTest(play: () => Play, { found }: Findings): void {
  it('loses no call and lowers no value while Forescale is restarted under load', async () => {
    const { kubectl, watch, demand, tooBusy } = play();
    const errorsBefore = await callErrors(play());
    const from = Date.now() / 1000;
    const samples = await sampledDuring(play(), [names.ours, names.steady], async () => {
      await mustSucceed(kubectl, ['rollout', 'restart', 'deployment/forescale', '-n', 'forescale']);
      await rolledOut(kubectl, 'deployment/forescale', 'forescale');
      // KEDA's next polls and the autoscaler's go to the new pods.
      await sleep(6_000);
    });
    const until = Date.now() / 1000;
    const errors = await callErrors(play());
    const steady = samples.get(names.steady) ?? [];
    const ours = samples.get(names.ours) ?? [];
    const lost = [...steady, ...ours].filter(({ value }) => value === undefined).length;
    const steadyValues = [...new Set(steady.map(({ value }) => value))];
    const below = ours.filter(({ at, value = 0 }) => value < 0.9 * demand(at)).length;
    const asked = watch.askedOf(names.steady).filter(({ at }) => at > from && at <= until);
    found(
      'restart',
      `${(until - from).toFixed(0)} s, ${steady.length + ours.length} readings of KEDA's metric, ${lost} without a value; constant demand read as ${steadyValues.join(', ')}; app-a never below its demand in ${ours.length - below} of ${ours.length}; errors counted by KEDA ${errors.keda - errorsBefore.keda}, by Forescale ${errors.answered - errorsBefore.answered}; replicas of the constant workload ${askedAt(watch.askedOf(names.steady), until)}, changed ${asked.length} times`,
      {
        seconds: until - from,
        readings: steady.length + ours.length,
        lost,
        steadyValues,
        below,
        errors: errors.keda - errorsBefore.keda,
      },
    );
    expect(steady.length).toBeGreaterThan(10);
    expect({ lost, changes: asked.length }).toEqual({ lost: 0, changes: 0 });
    // Where pods are late, app-a gets less than is sent, and that is what its demand is observed from.
    if (tooBusy() === undefined) expect(below).toBe(0);
    expect(errors).toEqual(errorsBefore);
    // Replicas agree within a hundredth, and one that was restarted does with those before it.
    const least = Math.min(...steady.map(({ value = 0 }) => value));
    expect(least).toBeGreaterThanOrEqual(0.99 * (steady[0]?.value ?? Number.NaN));
  });
}
