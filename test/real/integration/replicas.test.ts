import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteWrite } from '../../../src/seed/remote-write.ts';
import { freePort } from '../../../tools/programs/free-port.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../tools/temporary-folder.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { differences } from '../../support/difference.ts';
import { eventually } from '../../support/eventually.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';

const missing = await whyMissing('prometheus');
const minute = 60;
const day = 86_400;

/** What is looked at of the answers. */
interface Told {
  readonly workloads: readonly { readonly name: string }[];
  readonly state: string;
  readonly trigger: string;
  readonly rows: readonly unknown[];
  readonly mode: string;
  readonly askedBy: { readonly at: number } | null;
  readonly replicas: readonly { readonly mode: string; readonly answers: boolean }[];
  readonly events: readonly { readonly kind: string }[];
  readonly summary: string;
  readonly recorded?: { readonly signal: number; readonly askedElsewhere: boolean };
  readonly decisions: readonly { readonly at: number; readonly askedElsewhere: boolean }[];
}

const demandAt = (seconds: number) => 120 + 80 * Math.sin((2 * Math.PI * seconds) / day);

describe.skipIf(missing)(`two replicas of which KEDA asks one${skippedNote(missing)}`, () => {
  let folder: TemporaryFolder;
  let prometheus: RunningProgram;
  let port: number;
  let asked: ServeProcess;
  let other: ServeProcess;
  let kedaSim: ChildProcess;

  const start = (host: string, state: string) =>
    startServeProcess(prometheus.url, {
      flags: [
        ...['--http-address', `${host}:${port}`, '--grpc-address', `${host}:0`],
        ...['--peers', `http://127.0.0.1:${port},http://127.0.0.2:${port}`],
        ...['--state-dir', join(folder.path, state)],
        ...['--config', join(folder.path, 'config.yaml')],
      ],
    });

  beforeAll(async () => {
    folder = await openTemporaryFolder('forescale-replicas');
    prometheus = await startPrometheus({ env: process.env });
    // Samples a little ahead of now keep the observed demand fresh while the test runs.
    const last = Math.floor(Date.now() / 1000 / minute) * minute + 9 * minute;
    const count = (4 * day) / minute;
    const timestamps = Float64Array.from({ length: count }, (_, i) => last - (count - 1 - i) * minute);
    const kind = 'gauge' as const;
    const series = { metric: 'demand', labels: {}, kind, timestamps, values: timestamps.map(demandAt) };
    await remoteWrite({ url: prometheus.url, series });
    writeFileSync(join(folder.path, 'config.yaml'), JSON.stringify({ timing: { refreshInterval: '2s' } }));
    port = await freePort();
    [asked, other] = await Promise.all([start('127.0.0.1', 'a'), start('127.0.0.2', 'b')]);
    kedaSim = spawn(
      process.execPath,
      [
        ...['src/cli/main.ts', 'keda-sim', '--address', `127.0.0.1:${asked.grpcPort}`],
        ...['--namespace', 'shop', '--name', 'web', '--for', '10m', '--polling-interval', '2s'],
        ...['--hpa-sync', '2s', '--metadata', 'query=demand', '--metadata', 'threshold=10'],
      ],
      { cwd: projectRoot, stdio: 'ignore' },
    );
  });
  afterAll(async () => {
    kedaSim?.kill();
    await Promise.all([asked?.stop(), other?.stop()]);
    await prometheus?.stop();
    await folder?.remove();
  });

  const json = async ({ httpUrl }: ServeProcess, path: string, init?: RequestInit) =>
    (await (await fetch(`${httpUrl}${path}`, init)).json()) as Told;
  const post = (server: ServeProcess, path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    return json(server, path, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const base = '/api/v1/workloads/shop/web';
  /** Settles when both give the same answer, with numbers that differ by 1 % at most. */
  const bothAnswerAlike = async (path: string, holds: (answer: Told) => boolean = () => true) => {
    const both = () => Promise.all([json(asked, path), json(other, path)]);
    const apart = ([one, two]: Awaited<ReturnType<typeof both>>) => [
      ...differences(one, two, 0.01),
      ...(holds(one) ? [] : [`not yet: ${JSON.stringify(one).slice(0, 500)}`]),
    ];
    expect(
      await eventually(
        async () => apart(await both()),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    return json(other, path);
  };

  it('list, state, forecast, reasons, record and Prometheus’ API are the same of both within seconds', async () => {
    await bothAnswerAlike(base, ({ state, askedBy }) => state === 'trusted' && askedBy !== null);
    for (const server of [asked, other]) {
      await eventually(
        () => json(server, '/api/v1/status'),
        ({ replicas }) => replicas.length === 2,
      );
    }
    const { workloads } = await bothAnswerAlike('/api/v1/workloads');
    expect(workloads.map(({ name }) => name)).toEqual(['web']);
    for (const path of ['forecast?horizon=6h', 'history?range=1h', 'accuracy', 'outcome', 'explain']) {
      await bothAnswerAlike(`${base}/${path}`);
    }
    const nowSeconds = Math.floor(Date.now() / 1000);
    await bothAnswerAlike(
      `${base}/explain?at=${nowSeconds}`,
      ({ recorded }) => recorded?.askedElsewhere === false,
    );
    const span = `from=${nowSeconds - 20}&to=${nowSeconds + 8}`;
    const isLong = (answer: Told) => answer.decisions.length > 5;
    const { decisions } = await bothAnswerAlike(`${base}/decisions?${span}`, isLong);
    expect(decisions.some(({ askedElsewhere }) => askedElsewhere)).toBe(false);
    await bothAnswerAlike(`${base}/decisions?${span}&step=2s`);
    for (const query of ['forescale_signal', 'forescale_replicas_asked', 'forescale_peak']) {
      await bothAnswerAlike(`/prometheus/api/v1/query?query=${query}&time=${nowSeconds}`);
    }
    await bothAnswerAlike(`/prometheus/api/v1/query?query=forescale_forecast&time=${nowSeconds + 3600}`);
    await bothAnswerAlike('/prometheus/api/v1/labels');
  });

  it('the kill switch that one is told holds at the other, and the answer says which replicas have it', async () => {
    for (const [server, mode] of [[other, 'reactive'] as const, [asked, 'active'] as const]) {
      const { replicas } = await post(server, '/api/v1/mode', { mode });
      expect(replicas.map((one) => [one.mode, one.answers])).toEqual([
        [mode, true],
        [mode, true],
      ]);
      expect((await json(asked, '/api/v1/status')).mode).toBe(mode);
      expect((await json(other, '/api/v1/status')).mode).toBe(mode);
    }
  });

  it('what changed is told alike, of all workloads and of one', async () => {
    const told = async (server: ServeProcess, path: string) =>
      (await json(server, path)).events.map(({ kind }) => kind);
    for (const path of ['/api/v1/events', `${base}/events`]) {
      const both = await eventually(
        () => Promise.all([told(asked, path), told(other, path)]),
        ([one, two]) => one.includes('active') && String(one) === String(two),
      );
      expect(both[0]).toContain('reactive');
    }
  });

  it('goes on to explain what was served when the replica is killed that KEDA asked, and says what is gone', async () => {
    const atSeconds = Math.ceil(Date.now() / 1000) + 2;
    const { trigger } = await json(asked, base);
    const question = { kind: 'at', key: { namespace: 'shop', name: 'web', trigger }, atSeconds };
    await eventually(
      () => Date.now() / 1000,
      (now) => now > atSeconds + 1,
    );
    // The other one has just begun to follow what KEDA asks this one.
    const own = await eventually(
      async () => (await post(other, '/api/v1/peers/record', question)).rows,
      (rows) => rows.length > 0,
    );
    expect(own).toHaveLength(1);
    const before = await bothAnswerAlike(`${base}/explain?at=${atSeconds}`);
    await asked.kill();
    kedaSim.kill();
    const after = await json(other, `${base}/explain?at=${atSeconds}`);
    expect(after.recorded?.askedElsewhere, JSON.stringify(after)).toBe(true);
    expect(after.summary).toContain('KEDA asked another replica then');
    expect(differences(after.recorded?.signal, before.recorded?.signal, 0.01)).toEqual([]);
    const { replicas } = await eventually(
      () => json(other, '/api/v1/status'),
      ({ replicas: known }) => known.some(({ answers }) => !answers),
    );
    expect(replicas).toHaveLength(2);
    // A new one without the record of the old one answers as the one that lives.
    asked = await start('127.0.0.1', 'new');
    await bothAnswerAlike(
      `${base}/explain?at=${atSeconds}`,
      ({ recorded }) => recorded?.askedElsewhere === true,
    );
    await bothAnswerAlike('/api/v1/workloads', ({ workloads }) => workloads.length === 1);
  });
});
