import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoImageBuilder } from '../../../tools/images/image-builder.ts';
import { skippedNote, whyNotInstalled } from '../../real/real-programs.ts';
import { bindMounts, readComposeFile } from '../../repository/compose-file.ts';
import { eventually } from '../../support/eventually.ts';
import { noTraces, tracesOf } from '../traces.ts';
import { type ComposeEngine, startComposeEngine } from './compose-engine.ts';
import { whyNoEngine } from './docker-engine.ts';

const why =
  (await whyNoEngine()) ??
  (await whyNoImageBuilder()) ??
  (await whyNotInstalled(['docker-compose', 'prometheus-3', 'k6']));
/** Nine services on two cores that may have other work. */
const hookTimeoutMs = 900_000;

const { services } = readComposeFile();
const started = Object.keys(services).filter(
  (name) => name !== 'grafana' && services[name]?.profiles === undefined,
);
const memoryBytes = (text: string) => Number.parseInt(text, 10) * 1024 ** (text.endsWith('G') ? 3 : 2);

interface Target {
  readonly health: string;
  readonly labels: { readonly job: string; readonly instance: string };
}

describe.skipIf(why !== undefined)(`compose.yaml in a Docker engine${skippedNote(why)}`, () => {
  let engine: ComposeEngine;
  /** What a page on the engine's host answers. */
  const ask = async (url: string, options = '{}'): Promise<{ status: number; text: string }> => {
    const code = `const a = await fetch(${JSON.stringify(url)}, ${options}); console.log(JSON.stringify({ status: a.status, text: await a.text() }))`;
    return JSON.parse(await engine.onHost(code));
  };
  const query = async (expression: string) => {
    const { text } = await ask(`http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(expression)}`);
    return (JSON.parse(text) as { data: { result: { value: [number, string] }[] } }).data.result;
  };

  beforeAll(async () => {
    engine = await startComposeEngine();
    await engine.compose(['up', '--detach', '--no-build', '--wait', '--wait-timeout=600']);
  }, hookTimeoutMs);
  afterAll(() => engine?.stop(), hookTimeoutMs);

  it('runs every service without a profile except Grafana, each healthy where it has a health check', async () => {
    const listed = await engine.compose(['ps', '--format=json']);
    const states = listed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { Service: string; State: string; Health: string })
      .map(({ Service, State, Health }) => [Service, State, Health]);
    const health = (name: string) => (services[name]?.healthcheck === undefined ? '' : 'healthy');
    expect(states.sort()).toEqual(started.map((name) => [name, 'running', health(name)]).sort());
    expect(started).toHaveLength(6);
  });

  it('serves the chain and the page on the addresses that are published', async () => {
    const chain = await ask('http://127.0.0.1:8000/process', "{ method: 'POST', body: '[]' }");
    expect([chain.status, JSON.parse(chain.text)]).toEqual([200, ['app-a', 'app-b', 'app-c']]);
    const page = await ask('http://127.0.0.1:8080/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>');
  });

  it('lets Prometheus 3 scrape all that there is', async () => {
    const targets = await eventually(
      async () => {
        const { text } = await ask('http://127.0.0.1:9090/api/v1/targets?state=active');
        const { data } = JSON.parse(text) as { data: { activeTargets: Target[] } };
        return data.activeTargets.filter(({ labels }) => labels.job !== 'grafana');
      },
      (all) => all.every(({ health }) => health === 'up'),
    );
    expect(targets.map(({ labels }) => labels.instance).sort()).toEqual(
      ['127.0.0.1:9090', 'app-a:8000', 'app-b:8000', 'app-c:8000', 'forescale:8080'].sort(),
    );
    expect(await engine.compose(['exec', '--no-TTY', 'prometheus', '/bin/prometheus', '--version'])).toMatch(
      /version 3\.14\.0/,
    );
  });

  it('prints with keda-sim what KEDA would do', async () => {
    const table = await eventually(
      () => engine.compose(['logs', '--no-log-prefix', 'keda-sim']),
      (printed) => printed.split('\n').length > 3,
    );
    expect(table).toMatch(/replicas/i);
  });

  it('seeds two weeks of history, and loads the app with k6', async () => {
    const seeded = await engine.compose(['--profile=seed', 'run', '--rm', '--no-TTY', 'seed']);
    expect(seeded).toMatch(/^20161 samples of app_requests_total\{.*app="app-a".* 20161 read back/m);
    const old = 'count(last_over_time(app_requests_total{instance="history"}[14d] offset 3d))';
    expect(await query(old)).toHaveLength(1);
    const variables = {
      LOAD_WEEK_SECONDS: '7',
      LOAD_DAYS: '2',
      LOAD_MAX_P95_MS: '60000',
      LOAD_MAX_ERRORS: '1',
      LOAD_MAX_DROPPED: '1',
    };
    const loaded = await engine.compose(['--profile=load', 'run', '--rm', '--no-TTY', 'load'], variables);
    expect(loaded).toMatch(/^realistic: \w+ after/m);
    const [sent] = await query('sum(k6_http_reqs_total{script="realistic",name="POST /process"})');
    expect(Number(sent?.value[1])).toBeGreaterThan(20);
  });

  it.each(['app-a', 'app-b', 'app-c', 'forescale', 'keda-sim'])(
    'gives %s no user, no write and no memory but what it says',
    async (name) => {
      const look = `
        const { readFileSync, writeFileSync, existsSync } = require('node:fs');
        const writes = (path) => { try { writeFileSync(path, ''); return 'written'; } catch ({ code }) { return code; } };
        const v1 = '/sys/fs/cgroup/memory/memory.limit_in_bytes', v2 = '/sys/fs/cgroup/memory.max';
        const status = readFileSync('/proc/1/status', 'utf8');
        const field = (name) => new RegExp('^' + name + ':\\\\s+(\\\\S+)', 'm').exec(status)[1];
        console.log(JSON.stringify({ uid: field('Uid'), gid: field('Gid'), capabilities: field('CapEff'),
          gainsNone: field('NoNewPrivs'), root: writes('/x'), app: writes('/app/x'),
          memory: Number(readFileSync(existsSync(v1) ? v1 : v2, 'utf8')) }));`;
      expect(JSON.parse(await engine.inside(name, look))).toEqual({
        uid: '65532',
        gid: '65532',
        capabilities: '0000000000000000',
        gainsNone: '1',
        root: 'EROFS',
        app: 'EROFS',
        memory: memoryBytes(String(services[name]?.deploy?.resources?.limits?.['memory'])),
      });
    },
  );

  it('mounts what the project has, and lets nobody write there', async () => {
    const [mount] = bindMounts(services['forescale'] ?? { image: '' });
    const code = `require('node:fs').writeFileSync(${JSON.stringify(mount?.to)}, '')`;
    await expect(engine.inside('forescale', code)).rejects.toThrow(/EROFS/);
  });

  it(
    'takes all of it away with down, and leaves nothing on the machine when the engine stops',
    async () => {
      await engine.compose(['--profile=load', '--profile=seed', 'down', '--volumes', '--remove-orphans']);
      expect((await engine.docker(['ps', '--all', '--quiet'])).trim()).toBe('');
      expect((await engine.docker(['volume', 'ls', '--quiet'])).trim()).toBe('');
      expect(
        (await engine.docker(['network', 'ls', '--format={{.Name}}'])).trim().split('\n').sort(),
      ).toEqual(['bridge', 'host', 'none']);
      const traces = tracesOf(engine.folder);
      expect(traces().processes.length).toBeGreaterThan(2);
      await engine.stop();
      expect(traces()).toEqual(noTraces);
    },
    hookTimeoutMs,
  );
});
