import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiOptions, WhatIfPlayer } from '../../../src/api/ports.ts';
import type { History } from '../../../src/history/source.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import { playedServer, readTiming } from '../../../src/server/timing.ts';
import { createWhatIfPlayer } from '../../../src/server/what-if/player.ts';
import { csvOf, temporaryFolder, workingWeekRows } from '../cli/made-history.ts';
import { runCommand } from '../cli/run-command.ts';
import {
  apiOptions,
  directoryOf,
  modelOf,
  pastDays,
  problemOf,
  taught,
  whatIfAnswer,
  workloadOf,
} from './fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const post = (payload: object) => ({ method: 'POST' as const, url: '/api/v1/what-if', payload });
const week = workingWeekRows(8, 300);
const data = { timestamps: week.map(([t]) => t), values: week.map(([, value]) => value) };
/** A thread of low priority takes minutes where other tests want the processors. */
const longMs = 300_000;
const ask = { query: 'x', target: 5 };
const player = (availableBytes?: () => number) =>
  createWhatIfPlayer(playedServer(readTiming()), availableBytes);

async function withApp<T>(
  options: Partial<ApiOptions>,
  use: (app: Awaited<ReturnType<typeof createApiApp>>) => Promise<T>,
): Promise<T> {
  const app = await createApiApp(apiOptions(options));
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

/** A player that plays until it is told to end. */
function patientPlayer() {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<AbortSignal>();
  let [playing, most] = [0, 0];
  const whatIf: WhatIfPlayer = {
    async play(_request, signal) {
      begin(signal);
      most = Math.max(most, ++playing);
      await ended;
      playing--;
      return whatIfAnswer;
    },
  };
  return { whatIf, begun, end, most: () => most };
}

describe('a what-if of the API', () => {
  const csv = folder.file('week.csv', csvOf(week));
  const command = async (...args: string[]) =>
    JSON.parse((await runCommand(['what-if', '--csv', csv, '--json', ...args])).stdout);

  it(
    'plays with the events of the workload that is named what the command plays with a calendar',
    async () => {
      const startSeconds = (week[0]?.[0] ?? 0) + 6 * 86_400;
      const sale = {
        ...{ startSeconds, endSeconds: startSeconds + 86_400, name: 'Sale', kind: 'Sale' },
        effect: { type: 'given' as const, ratio: 1.5 },
      };
      const file = folder.file(
        'sale.yaml',
        `events: [{name: Sale, from: "${new Date(startSeconds * 1000).toISOString().slice(0, 10)}", ratio: 1.5}]`,
      );
      const directory = directoryOf([workloadOf(modelOf(taught(1), { events: () => [sale] }))]);
      await withApp({ directory, whatIf: player(), limits: { whatIfTimeoutMs: longMs } }, async (app) => {
        const sent = await app.inject(
          post({ data, target: 5, policies: ['forescale'], workload: 'shop/checkout' }),
        );
        expect(sent.statusCode, sent.body).toBe(200);
        const { calendar, events, ...answer } = sent.json();
        expect(calendar.atEvents).toMatchObject({ hours: 24 });
        expect(events).toMatchObject([{ name: 'Sale', from: startSeconds }]);
        const { warnings: _, ...same } = { ...answer, calendar, events };
        expect(same).toEqual(await command('--target', '5', '--policy', 'forescale', '--calendar', file));
      });
    },
    longMs,
  );

  it(
    'answers what the command prints, for data that is sent and for a query',
    async () => {
      const history: History = {
        stepSeconds: 300,
        timestamps: Float64Array.from(data.timestamps),
        values: Float64Array.from(data.values),
        warnings: ['a shard is missing'],
      };
      const asked: unknown[] = [];
      const adHoc = {
        history: async (request: unknown) => {
          asked.push(request);
          return history;
        },
      };
      await withApp({ adHoc, whatIf: player(), limits: { whatIfTimeoutMs: longMs } }, async (app) => {
        const settings = { startUp: '2m..6m', minReplicas: 0 };
        const flags = ['--start-up', '2m..6m', '--min', '0', '--policy'];
        const sent = await app.inject(
          post({
            data,
            target: 5,
            ...settings,
            policies: ['reactive', 'forescale'],
            pricePerReplicaHour: 0.5,
            timeZone: 'Europe/Berlin',
          }),
        );
        expect(sent.statusCode, sent.body).toBe(200);
        const berlin = ['--price-per-replica-hour', '0.5', '--time-zone', 'Europe/Berlin'];
        expect(sent.json()).toEqual({
          ...(await command(...flags, 'reactive,forescale', '--target', '5', ...berlin)),
          warnings: [],
        });
        const other = {
          policies: ['cron'],
          serviceLevel: 0.95,
          maxReplicas: 30,
          range: '6d',
          capacity: 6,
          tolerance: 0.2,
        };
        const queried = await app.inject(
          post({ query: 'x', address: 'main', target: 5, ...settings, ...other }),
        );
        expect(queried.statusCode, queried.body).toBe(200);
        expect(asked).toEqual([
          { query: 'x', address: 'main', rangeSeconds: 6 * 86_400, stepSeconds: undefined },
        ]);
        const flagsOfOther = [
          '--service-level',
          '0.95',
          '--max',
          '30',
          '--range',
          '6d',
          '--tolerance',
          '0.2',
        ];
        expect(queried.json()).toEqual({
          ...(await command(...flags, 'cron', '--target', '5', ...flagsOfOther, '--capacity', '6')),
          warnings: ['a shard is missing'],
        });
      });
    },
    longMs,
  );

  it('plays every policy where none is named, as late as the query tells demand', async () => {
    const requests: Parameters<WhatIfPlayer['play']>[0][] = [];
    const whatIf: WhatIfPlayer = {
      play: async (request) => {
        requests.push(request);
        return whatIfAnswer;
      },
    };
    const adHoc = { history: async () => ({ ...pastDays(1), rateWindowSeconds: 300 }) };
    await withApp({ whatIf, adHoc }, async (app) => {
      for (const more of [{}, { rateWindow: '2m' }])
        expect((await app.inject(post({ ...ask, ...more }))).statusCode).toBe(200);
      const [first, second] = requests;
      expect(second?.settings.rateWindowSeconds).toBe(120);
      expect(first?.policies).toContain('fft-replay-hour');
      expect(first?.policies.length).toBeGreaterThan(12);
      expect(first).toMatchObject({ serviceLevel: 0.99, rangeSeconds: 28 * 86_400 });
      expect(first?.settings.rateWindowSeconds).toBe(300);
    });
  });

  it.each([
    ['no target', { query: 'x' }, 400, 'target', 'target is required'],
    ['a target of nothing', { query: 'x', target: 0 }, 400, 'target', 'target: 0'],
    ['neither query nor data', { target: 5 }, 400, 'query', 'either query or data'],
    ['a capacity below the target', { ...ask, capacity: 4 }, 400, 'capacity', '4 is below the target, 5'],
    [
      'bounds the wrong way round',
      { ...ask, minReplicas: 3, maxReplicas: 2 },
      400,
      'maxReplicas',
      '2 is below',
    ],
    ['more replicas than are played', { ...ask, maxReplicas: 1e6 }, 400, 'maxReplicas', '10000'],
    ['a start-up that is none', { ...ask, startUp: '5m..2m' }, 400, 'startUp', 'a range such as 90s..240s'],
    ['a start-up of a week', { ...ask, startUp: '7d' }, 400, 'startUp', 'at most 6h'],
    ['an unknown policy', { ...ask, policies: ['magic'] }, 400, 'policies.0', '"reactive"'],
    ['no policy', { ...ask, policies: [] }, 400, 'policies', 'policies'],
    ['a policy twice', { ...ask, policies: ['cron', 'cron'] }, 400, 'policies', 'policies'],
    ['a service level of one', { ...ask, serviceLevel: 1 }, 400, 'serviceLevel', '0.999'],
    ['a misspelt field', { ...ask, startup: '2m' }, 400, 'startup', 'did you mean "startUp"?'],
    ['a range that is too long', { ...ask, range: '29d' }, 400, 'range', '28d'],
    ['replicas of a node without one', { ...ask, replicasPerNode: 4 }, 400, 'replicasPerNode', 'nodeDelay'],
    ['a time zone nobody knows', { ...ask, timeZone: 'Mars/Base' }, 400, 'timeZone', 'Mars/Base'],
    ['a season too short to learn', { ...ask, seasons: ['10m'] }, 400, 'seasons.0', '20 steps'],
    ['an address beside data', { data, address: 'x', target: 5 }, 400, 'address', 'not with data'],
    [
      'a row that is no number',
      { data: { timestamps: [1, 2], values: [1, 'x'] }, target: 5 },
      400,
      'data.values.1',
      'must be a number from 0',
    ],
    ['too many rows', { ...ask, step: '1s' }, 413, undefined, 'coarser step'],
    ['too little history', { ...ask, startUp: '5m' }, 422, undefined, '4d are needed'],
  ])('refuses %s', async (_, payload, status, field, words) => {
    await withApp({ whatIf: player() }, async (app) => {
      const problem = await problemOf(app, post(payload));
      expect([problem.status, problem.faults[0]?.field], problem.detail).toEqual([status, field]);
      expect(problem.detail).toContain(words);
      expect(problem.contentType).toMatch(/^application\/problem\+json/);
    });
  });

  it('passes on what its source says, and what the allow-list refuses', async () => {
    const adHoc = {
      async history() {
        throw new ForescaleError('address-not-allowed', 'http://elsewhere is not on the allow-list');
      },
    };
    await withApp({ adHoc }, async (app) => {
      expect(await problemOf(app, post(ask))).toMatchObject({ status: 403, code: 'address-not-allowed' });
    });
  });
});

describe('what-ifs', () => {
  it('are played one at a time, wait for their turn, and are refused when too many wait', async () => {
    const { whatIf, begun, end, most } = patientPlayer();
    await withApp({ whatIf, limits: { whatIfsAtOnce: 1, whatIfsWaiting: 2 } }, async (app) => {
      const running = Promise.all([1, 2, 3].map(() => app.inject(post(ask))));
      await begun;
      const refused = await problemOf(app, post(ask));
      expect(refused).toMatchObject({ status: 429, code: 'limit-reached' });
      expect(refused.headers['retry-after']).toBeDefined();
      end();
      expect((await running).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
      expect(most()).toBe(1);
      expect((await app.inject(post(ask))).statusCode).toBe(200);
    });
  });

  it('end when they take too long, and leave room for the next', async () => {
    const { whatIf, end } = patientPlayer();
    await withApp({ whatIf, limits: { whatIfsWaiting: 0, whatIfTimeoutMs: 20 } }, async (app) => {
      const late = await problemOf(app, post(ask));
      expect(late).toMatchObject({ status: 503, code: 'overloaded' });
      expect(late.headers['retry-after']).toBeDefined();
      end();
      await expect.poll(async () => (await app.inject(post(ask))).statusCode).toBe(200);
    });
  });

  it('end when their source takes too long, which is another fault', async () => {
    const adHoc = { history: () => new Promise<History>(() => {}) };
    await withApp({ adHoc, limits: { adHocTimeoutMs: 20 } }, async (app) => {
      expect(await problemOf(app, post(ask))).toMatchObject({ status: 504, code: 'source-timeout' });
    });
  });

  it('stop for a client that has gone', async () => {
    const { whatIf, begun, end } = patientPlayer();
    await withApp({ whatIf }, async (app) => {
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      const client = new AbortController();
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(ask);
      const sent = fetch(`${url}/api/v1/what-if`, { method: 'POST', headers, body, signal: client.signal });
      const signal = await begun;
      client.abort();
      await expect(sent).rejects.toThrow();
      await expect.poll(() => signal.aborted).toBe(true);
      end();
    });
  });

  it('are refused where the memory that is left might not do for one', async () => {
    const whatIf = player(() => 100 * 1024 * 1024);
    await withApp({ whatIf, adHoc: { history: async () => pastDays(8) } }, async (app) => {
      const refused = await problemOf(app, post(ask));
      expect(refused).toMatchObject({ status: 503, code: 'overloaded' });
      expect(refused.detail).toContain('100 MiB of memory left');
    });
  });
});

describe('the thread of a what-if', () => {
  const started = () => once(process, 'worker').then(([thread]) => thread as Worker);
  const play = (signal: AbortSignal) =>
    player().play(
      {
        history: pastDays(28),
        rangeSeconds: 28 * 86_400,
        settings: { target: 5 },
        policies: ['reactive', 'forescale'],
        serviceLevel: 0.99,
        pricePerReplicaHour: undefined,
      },
      signal,
    );

  it('ends at once when nobody waits for it any more', async () => {
    const thread = started();
    const gone = new AbortController();
    const played = play(gone.signal);
    await once(await thread, 'online');
    const exited = once(await thread, 'exit');
    gone.abort(new Error('the client has gone'));
    await expect(played).rejects.toThrow('the client has gone');
    // An exit code of 1: it was ended, and did not come to its end.
    expect(await exited).toEqual([1]);
  });

  it.runIf(process.platform === 'linux' && getPriority() < 19)(
    'has a low priority, which what serves has not',
    async () => {
      const niceness = () => {
        const stat = (task: string) => readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
        return readdirSync('/proc/self/task').map((task) =>
          Number(stat(task).split(') ')[1]?.split(' ')[16]),
        );
      };
      const [own] = new Set(niceness());
      const gone = new AbortController();
      const played = play(gone.signal);
      await expect
        .poll(() => niceness().filter((nice) => nice !== own), { interval: 5 })
        .toEqual([Math.min(19, (own ?? 0) + 10)]);
      gone.abort(new Error('seen enough'));
      await expect(played).rejects.toThrow('seen enough');
    },
  );
});
