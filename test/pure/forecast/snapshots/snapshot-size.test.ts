import { expect, it } from 'vitest';
import { type CalendarEvent, createForecaster } from '../../../../src/forecast/core/index.ts';
import { learnedStates } from '../../../../src/forecast/replays/replay-job.ts';
import { identityOf, packSnapshot } from '../../../../src/forecast/snapshots/packed-snapshot.ts';
import { noRows } from '../../../../src/forecast/snapshots/snapshot.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { playKeyOf, playOfKey } from '../../../../src/scaler/service-level/play-key.ts';

const day = 86_400;
const days = 28;
const stepSeconds = 60;
const rule = {
  ...{ threshold: 10, capacity: 10, hpaTolerance: 0.1, knowsReplicas: false, serviceLevel: 0.99 },
  ...{ windowSeconds: 600, leadTimeSeconds: 120, settleSeconds: stepSeconds, seasonSeconds: day },
  ...{ rateWindowSeconds: 120, scrapeIntervalSeconds: 15 },
};

/** Bytes of a snapshot after four weeks of minutes, of which the last half day is that of the event, if there is one. */
async function snapshotBytes(events: readonly CalendarEvent[]): Promise<number> {
  const random = createRandom(1);
  const forecaster = createForecaster({ stepSeconds, events });
  const follower = playOfKey(playKeyOf(rule));
  for (let time = stepSeconds; time <= days * day; time += stepSeconds) {
    const value = 100 + 80 * Math.sin((2 * Math.PI * time) / day) + 40 * random();
    follower.follow(time, value, forecaster);
    forecaster.observe(time, value);
  }
  const states = learnedStates({ forecaster, followers: new Map([[playKeyOf(rule), follower]]) });
  const read = { readUntilSeconds: days * day, rows: days * 1440, lastRows: noRows, judged: undefined };
  return (await packSnapshot({ ...read, events, ...states }, identityOf('this'))).length;
}

it('is at most 60 KB after weeks of minutes, and hardly more while an event takes place', async () => {
  const event: CalendarEvent = {
    startSeconds: (days - 0.5) * day,
    endSeconds: (days + 0.5) * day,
    kind: 'sale',
    name: 'sale',
    effect: { type: 'learned' },
  };
  const [without, during] = await Promise.all([snapshotBytes([]), snapshotBytes([event])]);
  expect(without).toBeGreaterThan(30_000);
  expect(during).toBeLessThanOrEqual(60_000);
  expect(during).toBeLessThan(1.15 * without);
});
