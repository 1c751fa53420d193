import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AddedStanding, CalendarBook } from '../../../../src/api/ports.ts';
import { apiOptions } from '../../api/fixture.ts';
import { runCommand, runFailing } from '../run-command.ts';
import { commandAgainst } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'forescale-calendar-'));
afterAll(() => rmSync(folder, { recursive: true }));
const nowSeconds = apiOptions({}).clock();

/** A server with one calendar, which takes events. */
function book(): CalendarBook & { readonly all: AddedStanding[] } {
  const all: AddedStanding[] = [];
  const sale = {
    ...{ startSeconds: nowSeconds + 3600, endSeconds: nowSeconds + 7200, kind: 'sale', name: 'Sale' },
    effect: { type: 'given' as const, ratio: 2.5 },
  };
  const standing = { name: 'sales', source: 'http://calendar', workloads: ['shop/*'], warnings: [] };
  return {
    all,
    calendars: () => [
      {
        ...standing,
        events: [sale],
        readAt: nowSeconds,
        failure: 'it answers 404',
        failureReason: 'not-found',
      },
    ],
    added: () => all,
    async add(event) {
      const one = { id: `id-${all.length}`, addedAt: nowSeconds, event };
      all.push(one);
      return one;
    },
    remove: async (id) => all.splice(0).some((one) => one.id === id),
  };
}

describe('forescale calendar', () => {
  const { serve, run, failing } = commandAgainst('calendar');

  it('shows the calendars, how they stand, and their next events', async () => {
    await serve({ calendars: book() });
    const { stdout } = await run([]);
    expect(stdout).toContain('sales: 1 events, from http://calendar, of shop/*');
    expect(stdout).toContain('cannot be read, the last good reading counts: it answers 404');
    expect(stdout).toContain('for 1h  Sale [sale]: 2.5 times an ordinary day');
    expect(JSON.parse((await run(['--json'])).stdout)).toMatchObject({
      calendars: [{ name: 'sales' }],
      added: [],
    });
  });

  it('adds events, has times ignored, and removes them', async () => {
    const calendars = book();
    await serve({ calendars });
    const when = ['--name', 'TV ad', '--from', '2026-12-01T20:15', '--duration', '30m'];
    const zone = ['--time-zone', 'Europe/Berlin'];
    expect(
      (await run(['add', 'shop/web', ...when, ...zone, '--ratio', '2.5', '--also', 'shop/api'])).stdout,
    ).toBe('added id-0: TV ad, of shop/web, shop/api\n');
    await run(['ignore', 'shop/*', '--name', 'Test', '--from', '2026-12-02']);
    expect(calendars.all.map(({ event }) => event)).toEqual([
      {
        ...{
          name: 'TV ad',
          from: '2026-12-01T20:15',
          duration: '30m',
          timeZone: 'Europe/Berlin',
          ratio: 2.5,
        },
        workloads: ['shop/web', 'shop/api'],
      },
      { name: 'Test', from: '2026-12-02', timeZone: 'UTC', workloads: ['shop/*'], ignore: true },
    ]);
    expect((await run(['remove', 'id-0'])).stdout).toBe('removed id-0\n');
    expect(await failing(['remove', 'id-9'])).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('id-9'),
    });
  });

  it('asks for the token where the server does', async () => {
    await serve({ calendars: book(), boundToLoopback: false, token: async () => 'opensesame' });
    const args = ['add', 'shop/web', '--name', 'A', '--from', '2026-12-02'];
    expect(await failing(args)).toMatchObject({ message: expect.stringContaining('FORESCALE_API_TOKEN') });
    expect((await run(args, { env: { FORESCALE_API_TOKEN: 'opensesame' } })).stdout).toContain('added');
  });

  it('says everything that is missing at once', async () => {
    await serve({ calendars: book() });
    const { message, exitCode } = await failing(['add']);
    expect(exitCode).toBe(2);
    for (const flag of ['NAMESPACE/NAME', '--name', '--from']) expect(message).toContain(flag);
  });

  it('prints what it understands of a file, without a server', async () => {
    const file = join(folder, 'a.ics');
    const year = new Date().getUTCFullYear();
    const event = ['BEGIN:VEVENT', 'UID:a', 'SUMMARY:Party', `DTSTART;VALUE=DATE:${year}1231`, 'END:VEVENT'];
    const broken = ['BEGIN:VEVENT', 'UID:b', 'SUMMARY:Odd', 'END:VEVENT'];
    writeFileSync(file, ['BEGIN:VCALENDAR', ...event, ...broken, 'END:VCALENDAR'].join('\r\n'));
    const { stdout, stderr } = await runCommand(['calendar', 'check', file, '--time-zone', 'Europe/Berlin']);
    expect(stdout).toContain('1 events of last year, this year and next year, 1 of them ahead');
    expect(stdout).toContain(`${year}-12-31`);
    expect(stderr).toContain('warning: "Odd" is left out: it has no DTSTART');
    const { events } = JSON.parse((await runCommand(['calendar', 'check', file, '--json'])).stdout);
    expect(events).toMatchObject([{ name: 'Party', from: Date.UTC(year, 11, 31) / 1000, effect: 'learned' }]);
    const { error } = await runFailing(['calendar', 'check', join(folder, 'none.ics')]);
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('none.ics') });
  });
});
