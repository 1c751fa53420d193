import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { errorTable } from '../../../src/platform/errors.ts';
import { csvOf, monday, temporaryFolder, workingWeekRows } from './made-history.ts';
import { runCommand, runFailing } from './run-command.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const day = 86_400;
/** Days of a sale, counted from the first of the history: demand is twice what it is else. */
const saleDays = [4, 9, 16, 18, 22];
const isSale = (unixSeconds: number) => saleDays.includes(Math.floor((unixSeconds - monday) / day));
const rows = workingWeekRows(21, 300).map(([t, value]) => [t, isSale(t) ? 2 * value : value] as const);
const csv = folder.file('sales.csv', csvOf(rows));
const dateOf = (index: number) => new Date((monday + index * day) * 1000).toISOString().slice(0, 10);
const list = folder.file(
  'sale.yaml',
  `events:\n${saleDays.map((index) => `  - {name: Sale, from: ${dateOf(index)}, ratio: 2}`).join('\n')}\n`,
);
/** The evening before the fourth sale. */
const evening = String(monday + 18 * day);

const jsonOf = async (...args: string[]) => JSON.parse((await runCommand([...args, '--json'])).stdout);

describe('--calendar', () => {
  it('has a forecast do what the events say, and names them', async () => {
    const args = ['forecast', '--csv', csv, '--at', evening];
    const [without, withEvents] = [await jsonOf(...args), await jsonOf(...args, '--calendar', list)];
    const sum = ({ points }: { points: { median: number }[] }) =>
      points.reduce((total, { median }) => total + median, 0);
    const truth = rows.filter(([t]) => t > Number(evening) && t <= Number(evening) + day);
    const demand = truth.reduce((total, [, value]) => total + value, 0);
    expect(sum(without) / demand).toBeLessThan(0.75);
    expect(sum(withEvents) / demand).toBeGreaterThan(0.8);
    expect(without.events).toBeUndefined();
    expect(withEvents.events).toHaveLength(4);
    expect(withEvents.events[3]).toMatchObject({
      name: 'Sale',
      from: Number(evening),
      effect: 'given',
      ratio: 2,
    });
    const { stdout } = await runCommand([...args, '--calendar', list]);
    expect(stdout).toContain('\nevents\n  2026-01-23T00:00:00Z for 1d  Sale: 2 times an ordinary day\n');
  });

  it('shows in a backtest what it does to the error at events and at other times', async () => {
    const args = ['backtest', '--csv', csv, '--from', '75%', '--horizons', '6h', '--every', '2h'];
    const { stdout } = await runCommand([...args, '--calendar', list]);
    const [, during, without, other, otherWithout] =
      /^ *6h +\d+ +([\d.]+)% +([\d.]+)% +([\d.]+)% +([\d.]+)%$/m.exec(
        stdout.slice(stdout.indexOf('with the calendar, and without it')),
      ) ?? [];
    expect(Number(during)).toBeLessThan(0.8 * Number(without));
    expect(Number(other)).toBeLessThan(1.1 * Number(otherWithout));
    const lines = (await runCommand([...args, '--calendar', list, '--json'])).stdout.trimEnd().split('\n');
    const named = lines.map((line) => JSON.parse(line)).filter(({ events }) => events.length > 0);
    expect(named.length).toBeLessThan(lines.length);
    expect(named[0]).toMatchObject({ events: [{ name: 'Sale' }] });
  });

  it('shows in a what-if what Forescale does without it, over all and at events', async () => {
    const args = ['what-if', '--csv', csv, '--target', '5', '--start-up', '5m', '--policy'];
    const answer = await jsonOf(...args, 'forescale', '--calendar', list);
    const { policies, calendar, events } = answer;
    expect(events).toHaveLength(4);
    const { hours, with: known, without: blind } = calendar.atEvents;
    expect(hours).toBeCloseTo(48, 0);
    expect(known.shortTimeShare).toBeLessThan(blind.shortTimeShare);
    expect(policies[0].shortTimeShare).toBeLessThan(calendar.without.shortTimeShare);
    const { policies: plain, calendar: none } = await jsonOf(...args, 'forescale');
    expect(none).toBeUndefined();
    expect(calendar.without).toMatchObject({ replicaHours: plain[0].replicaHours });
    const { stdout } = await runCommand([...args, 'reactive,forescale', '--calendar', list]);
    expect(stdout).toMatch(/^Without the calendar, Forescale is short .* In the 48 hours of its events: /m);
  });

  it('reads several files, and a configuration of the server with holidays and days', async () => {
    const server = folder.file(
      'forescale.yaml',
      'calendars:\n- {name: holidays, holidays: {country: DE, state: BY}}\n- {name: months, days: [month-end]}\n',
    );
    const args = ['forecast', '--csv', csv, '--horizon', '7d'];
    const { events } = await jsonOf(...args, '--calendar', list, '--calendar', server);
    const names = events.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => name === 'Sale')).toHaveLength(5);
    expect(names).toContain('Epiphany');
    expect(events.at(-1).from).toBe(Date.UTC(2026, 0, 31) / 1000);
    const { stdout } = await runCommand(['calendar', 'check', server]);
    expect(stdout).toMatch(/^\d+ events of last year/);
  });

  it('reads the years of the history, whatever year it is now', async () => {
    const old = folder.file('old.csv', csvOf(rows.map(([t, value]) => [t - 3653 * day, value] as const)));
    const file = folder.file('old.yaml', 'events: [{name: Sale, from: 2016-01-08}]');
    expect((await jsonOf('forecast', '--csv', old, '--calendar', file)).events).toHaveLength(1);
  });

  it('says that no event is within the history', async () => {
    const file = folder.file('later.yaml', 'events: [{name: Sale, from: 2026-08-08}]');
    const { stderr } = await runCommand(['forecast', '--csv', csv, '--calendar', file]);
    expect(stderr).toContain('--calendar: later: none of 1 events is within the history\n');
    const backtest = await runCommand(['backtest', '--csv', csv, '--every', '1d', '--calendar', file]);
    expect(backtest.stdout).toContain('no event of the calendar is in the time that was scored');
  });

  it('asks the address of a configuration, as a server does', async () => {
    const ical = [
      'BEGIN:VCALENDAR',
      ...['BEGIN:VEVENT', 'UID:a', 'SUMMARY:Party', 'DTSTART;VALUE=DATE:20260109', 'END:VEVENT'],
      'END:VCALENDAR',
    ].join('\r\n');
    const asked: (string | undefined)[] = [];
    const site = createServer(({ url, headers }, response) => {
      asked.push(`${url} ${headers.authorization}`);
      response.writeHead(url === '/gone.ics' ? 404 : 200).end(ical);
    });
    await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const of = (path: string) =>
      folder.file(
        'site.yaml',
        `calendars: [{name: party, url: "${address}/${path}", bearerTokenFile: ${folder.file('token', 'abc')}}]`,
      );
    try {
      const { events } = await jsonOf('forecast', '--csv', csv, '--calendar', of('a.ics'));
      expect(events).toMatchObject([{ name: 'Party', kind: 'party', from: Date.UTC(2026, 0, 9) / 1000 }]);
      expect(asked).toEqual(['/a.ics Bearer abc']);
      const { error } = await runFailing(['forecast', '--csv', csv, '--calendar', of('gone.ics')]);
      expect(error.message).toMatch(
        /^--calendar: .*site\.yaml: calendar party: http:\S+ answers 404; correct it in the configuration/,
      );
    } finally {
      await new Promise((resolve) => site.close(resolve));
    }
  });

  it('names the file that cannot be read, why, and what could', async () => {
    const files = {
      'none.ics': undefined,
      'odd.yaml': 'calendars: [{name: a}]',
      'bad.yaml': 'events: [{}]',
      'cut.ics': 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT',
    };
    for (const [name, text] of Object.entries(files)) {
      const path = text === undefined ? `/nowhere/${name}` : folder.file(name, text);
      const { error, stdout } = await runFailing(['forecast', '--csv', csv, '--calendar', path]);
      expect([stdout, errorTable[error.code].exitCode]).toEqual(['', 2]);
      expect(error.message).toContain(name);
      expect(error.message).toContain('--calendar: ');
      expect(error.message).toMatch(/give an iCalendar file|give one of file, url, holidays/);
    }
    const { error } = await runFailing(['explain', 'shop/web', '--calendar', list]);
    expect(error.message).toContain('--calendar: goes with a history');
  });

  it('is part of the explanation of a history', async () => {
    const args = ['explain', '--csv', csv, '--at', evening, '--horizon', '12h', '--quantile', '0.5'];
    const { components } = await jsonOf(...args, '--calendar', list);
    const event = components.find(({ name }: { name: string }) => name === 'event');
    expect(event.value).toBeGreaterThan(0);
    expect(event.meaning).toContain('Sale');
  });
});
