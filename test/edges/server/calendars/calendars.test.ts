import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../../../src/server/start.ts';
import { startTestServer } from '../../../real/integration/running.ts';
import { createKedaCaller } from '../../../real/integration/scaler-client.ts';
import { answersOf, type FakeApi, startFakeApi } from '../../history/prometheus/fake-api.ts';

const day = 86_400;
const beginSeconds = Math.floor(Date.now() / 1000);
/** Demand that goes up and down a little by day, so that nothing but an event is worth twice of it. */
const demandAt = (t: number) => 100 + 5 * Math.sin((2 * Math.PI * t) / day);
const metadata = {
  query: 'demand',
  threshold: '10',
  hpaTolerance: '0',
  historyTimeWindow: '3d',
  leadTime: '30m',
};
/** An event soon, within the lead time, as a list and as iCalendar have it. */
const soon = (minutes: number) => new Date((beginSeconds + 60 * minutes) * 1000).toISOString().slice(0, 19);
const listed = { name: 'TV ad', from: `${soon(15)}Z`, duration: '2h', ratio: 3 };
const compact = (minutes: number) => `${soon(minutes).replaceAll(/[-:]/g, '')}Z`;
const ical = (...more: readonly string[]) =>
  [
    ...[
      'BEGIN:VCALENDAR',
      'BEGIN:VEVENT',
      'UID:a',
      'SUMMARY:Sale',
      `DTSTART:${compact(15)}`,
      'DURATION:PT2H',
    ],
    ...['END:VEVENT', ...more, 'END:VCALENDAR'],
  ].join('\r\n');

let api: FakeApi;
let folder: string;
const servers: RunningServer[] = [];
const sites: Server[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forescale-calendars-'));
  api = await startFakeApi(answersOf(demandAt));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const site of sites.splice(0)) await new Promise((resolve) => site.close(resolve));
  await api.close();
  await rm(folder, { recursive: true });
});

async function start(calendars: readonly object[], more: Parameters<typeof startTestServer>[2] = {}) {
  const server = await startTestServer(api.url, JSON.stringify({ calendars }), more);
  servers.push(server);
  return server;
}

async function site(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  sites.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function served(server: RunningServer, more: Record<string, string> = {}): Promise<number> {
  const keda = createKedaCaller(server.grpcPort);
  try {
    return await keda.value('web', { ...metadata, ...more });
  } finally {
    keda.close();
  }
}

/** What the tests look at in answers. */
interface Answer {
  readonly id: string;
  readonly events: readonly object[];
  readonly added: readonly object[];
  readonly warnings: readonly object[];
  readonly forecast: {
    readonly components: readonly {
      readonly name: string;
      readonly value: number;
      readonly meaning: string;
    }[];
  };
}

const read = async (server: RunningServer, path: string) =>
  (await (await fetch(`${server.httpUrl}${path}`)).json()) as Answer;

/** What a scrape says of calendars. */
async function calendarSeries({ httpUrl }: RunningServer): Promise<string[]> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith('forescale_calendar_'));
}

/** Asks until the forecast may decide. */
async function warmValue(server: RunningServer, more: Record<string, string> = {}): Promise<number> {
  await served(server, more);
  const path = `${server.httpUrl}/api/v1/workloads/shop/web`;
  await expect.poll(async () => (await fetch(path)).text()).toContain('"state":"trusted"');
  return served(server, more);
}

/** What is asked for without an event: demand and a margin. */
const most = 150;

describe('a server with calendars', () => {
  it('asks for more before an event of a calendar that the trigger names, and says which it is', async () => {
    const server = await start([{ name: 'campaigns', events: [listed] }]);
    expect(await warmValue(server)).toBeLessThan(most);
    await expect.poll(() => warmValue(server, { calendar: 'campaigns' })).toBeGreaterThan(250);
    const { events } = await read(server, '/api/v1/workloads/shop/web/calendar');
    expect(events).toEqual([
      expect.objectContaining({ name: 'TV ad', effect: 'given', ratio: 3, expectedRatio: 3 }),
    ]);
    const { forecast } = await read(server, '/api/v1/workloads/shop/web/explain');
    const event = forecast.components.find(({ name }) => name === 'event');
    expect(event).toMatchObject({ meaning: expect.stringContaining('TV ad') });
    expect(event?.value).toBeGreaterThan(100);
  });

  it('warns of a calendar that it does not have, and serves the workload all the same', async () => {
    const server = await start([{ name: 'campaigns', events: [listed], workloads: ['other/*'] }]);
    expect(await served(server, { calendar: 'campains' })).toBeGreaterThan(90);
    const { warnings } = await read(server, '/api/v1/workloads/shop/web');
    expect(JSON.stringify(warnings)).toContain('"campains\\" is no calendar');
  });

  it('reads a URL again by its ETag, follows no redirect, and keeps the last good events when it vanishes', async () => {
    let mode: 'good' | 'gone' | 'elsewhere' | 'cut' = 'good';
    const asked: (string | undefined)[] = [];
    const url = await site((request, response) => {
      asked.push(request.headers['if-none-match']);
      if (mode === 'gone') return void response.writeHead(404).end('no');
      if (mode === 'elsewhere')
        return void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      if (request.headers['if-none-match'] === '"1"') return void response.writeHead(304).end();
      response.writeHead(200, { etag: '"1"' }).end(mode === 'cut' ? ical().slice(0, -20) : ical());
    });
    const sale = { name: 'sales', url: `${url}/a.ics?key=secret`, ratio: 3, workloads: ['shop/*'] };
    const server = await start([sale], { stateDir: folder });
    expect(await warmValue(server)).toBeGreaterThan(250);
    expect(await read(server, '/api/v1/calendars')).toMatchObject({
      calendars: [{ name: 'sales', source: url, events: 1, next: [{ name: 'Sale' }] }],
    });
    expect(asked).toEqual([undefined]);
    expect(await calendarSeries(server)).toEqual([
      'forescale_calendar_failing{calendar="sales",reason="none"} 0',
      expect.stringMatching(/^forescale_calendar_read_timestamp_seconds\{calendar="sales"\} \d{10}/),
    ]);
    await servers.splice(0)[0]?.close();
    const reasons = { gone: 'not-found', elsewhere: 'refused', cut: 'unreadable' };
    for (const fault of ['gone', 'elsewhere', 'cut'] as const) {
      mode = fault;
      const again = await start([sale], { stateDir: folder });
      expect(await warmValue(again)).toBeGreaterThan(250);
      await expect
        .poll(async () => JSON.stringify(await read(again, '/api/v1/calendars')))
        .toMatch(/"failure":"[^"]*(answers 404|answers 302|cut off)/);
      expect(JSON.stringify(await read(again, '/api/v1/events'))).toContain('its 1 last events count');
      expect(await calendarSeries(again)).toEqual([
        `forescale_calendar_failing{calendar="sales",reason="${reasons[fault]}"} 1`,
      ]);
      await servers.splice(0)[0]?.close();
    }
  });

  it('does without a file that is broken, and is no worse for it', async () => {
    const file = join(folder, 'broken.ics');
    writeFileSync(file, ical('BEGIN:VEVENT', 'DTSTART:never'));
    const server = await start([{ name: 'broken', file, workloads: ['*/*'], ignore: true }]);
    const value = await warmValue(server);
    expect(value).toBeGreaterThanOrEqual(95);
    expect(value).toBeLessThan(most);
    expect(JSON.stringify(await read(server, '/api/v1/calendars'))).toContain('cut off');
  });

  it('takes an event that is added while it runs, tells its peer, and forgets it when it is removed', async () => {
    const one = await start([], { stateDir: folder });
    const two = await start([], { peers: one.httpUrl });
    expect(await warmValue(one)).toBeLessThan(most);
    const post = (body: object) =>
      fetch(`${one.httpUrl}/api/v1/calendars/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post({ ...listed, workloads: ['shop/*'], to: listed.from })).status).toBe(400);
    expect((await post({ ...listed, workloads: ['shop'] })).status).toBe(400);
    const added = (await (await post({ ...listed, workloads: ['shop/*'] })).json()) as Answer;
    await expect.poll(() => served(one)).toBeGreaterThan(250);
    await expect.poll(async () => (await read(two, '/api/v1/calendars')).added).toEqual([added]);
    await expect.poll(() => warmValue(two)).toBeGreaterThan(250);
    expect(JSON.stringify(await read(one, '/api/v1/events'))).toContain('The event \\"TV ad\\" was added');

    await servers.shift()?.close();
    const again = await start([], { stateDir: folder });
    expect((await read(again, '/api/v1/calendars')).added).toEqual([added]);
    const remove = () => fetch(`${again.httpUrl}/api/v1/calendars/events/${added.id}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(404);
    await expect.poll(() => warmValue(again)).toBeLessThan(most);
  });
});
