import { describe, expect, it } from 'vitest';
import { createCronReplicas, parseCronExpression } from '../../../../src/controllers/index.ts';
import { createTimeZone } from '../../../../src/forecast/index.ts';

function expression(text: string) {
  const parsed = parseCronExpression(text);
  if (parsed === undefined) throw new Error(`${text} is no cron expression`);
  return parsed;
}

/** Replicas at times of UTC, which rise. */
function replicasAt(
  [start, end]: readonly [string, string],
  times: readonly string[],
  timeZone = 'UTC',
): readonly number[] {
  const trigger = { start: expression(start), end: expression(end), desiredReplicas: 7 };
  const at = createCronReplicas(trigger, createTimeZone(timeZone).offsetAt);
  return times.map((time) => at(Date.parse(`${time}Z`) / 1000));
}

describe("the replicas of KEDA's cron trigger", () => {
  it('are wanted from the start until the end, day after day', () => {
    const times = ['05T07:29:45', '05T07:30', '05T12:00', '05T17:59:45', '05T18:00', '06T07:30', '06T20:00'];
    expect(
      replicasAt(
        ['30 7 * * *', '0 18 * * *'],
        times.map((time) => `2026-01-${time}`),
      ),
    ).toEqual([0, 7, 7, 7, 0, 7, 0]);
  });

  it('are wanted over midnight, and at once where the window is open already', () => {
    const times = ['2026-01-05T00:10', '2026-01-05T06:00', '2026-01-05T21:59', '2026-01-05T22:00'];
    expect(replicasAt(['0 22 * * *', '0 6 * * *'], times)).toEqual([7, 0, 0, 7]);
  });

  it('are not wanted on other days', () => {
    const times = ['2026-01-09T09:00', '2026-01-10T09:00', '2026-01-11T09:00', '2026-01-12T09:00'];
    expect(replicasAt(['0 8 * * 1-5', '0 18 * * 1-5'], times)).toEqual([7, 0, 0, 7]);
  });

  it('follow the clocks of their zone, which change in spring', () => {
    const times = ['2026-03-28T06:30', '2026-03-28T07:00', '2026-03-30T05:30', '2026-03-30T06:00'];
    expect(replicasAt(['0 8 * * *', '0 18 * * *'], times, 'Europe/Berlin')).toEqual([0, 7, 0, 7]);
  });

  it('are always wanted where the calendar never brings the start, and never where it brings no end, as with KEDA', () => {
    const never = '0 0 30 2 *';
    expect(replicasAt([never, '0 18 * * *'], ['2026-01-05T20:00'])).toEqual([7]);
    expect(replicasAt(['0 8 * * *', never], ['2026-01-05T09:00'])).toEqual([0]);
  });
});
