import { describe, expect, it } from 'vitest';
import { localMinute } from '../../../../src/controllers/cron/local-minute.ts';
import { parseCronExpression } from '../../../../src/controllers/index.ts';

/** Whether an expression names a minute of UTC. */
function names(expression: string, at: string): boolean {
  const local = localMinute(Date.parse(`${at}Z`) / 1000);
  const parsed = parseCronExpression(expression);
  return parsed?.matchesDay(local) === true && parsed.matchesTime(local);
}

describe('a cron expression', () => {
  // 2026-01-05 is a Monday.
  it.each([
    ['30 7 * * *', '2026-01-05T07:30', '2026-01-05T07:31'],
    ['*/15 8-10 * * *', '2026-01-05T10:45', '2026-01-05T11:00'],
    ['5/20 * * * *', '2026-01-05T03:45', '2026-01-05T03:50'],
    ['0 6,18 * * *', '2026-01-05T18:00', '2026-01-05T12:00'],
    ['0 0 * * 1-5', '2026-01-09T00:00', '2026-01-10T00:00'],
    ['0 0 * * MON-fri', '2026-01-05T00:00', '2026-01-11T00:00'],
    ['0 0 ? feb sun', '2026-02-01T00:00', '2026-02-02T00:00'],
    ['0 0 29 2 *', '2028-02-29T00:00', '2026-03-01T00:00'],
    // Where both days are restricted one is enough; where one begins with a star both hold.
    ['0 0 13 * 5', '2026-01-09T00:00', '2026-01-12T00:00'],
    ['0 0 13 * 5', '2026-01-13T00:00', '2026-01-14T00:00'],
    ['0 0 */2 * 1', '2026-01-05T00:00', '2026-01-12T00:00'],
  ])('%s names %s and not %s', (expression, named, other) => {
    expect([names(expression, named), names(expression, other)]).toEqual([true, false]);
  });

  it.each(['', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 7'])(
    'is not "%s"',
    (text) => expect(parseCronExpression(text)).toBeUndefined(),
  );

  it.each([
    '@daily',
    '5-1 * * * *',
    '*/0 * * * *',
    '1,,2 * * * *',
    '1-2-3 * * * *',
    '*/2/2 * * * *',
    'x * * * *',
  ])('is not "%s" either', (text) => expect(parseCronExpression(text)).toBeUndefined());
});

it('the calendar of seconds is the one that the engine has, from 1969 to 2200', () => {
  for (let at = -86_400; at < 7_258_118_400; at += 86_400 * 13 + 3_661) {
    const date = new Date(at * 1000);
    expect(localMinute(at)).toEqual({
      minute: date.getUTCMinutes(),
      hour: date.getUTCHours(),
      dayOfMonth: date.getUTCDate(),
      month: date.getUTCMonth() + 1,
      weekday: date.getUTCDay(),
    });
  }
});
