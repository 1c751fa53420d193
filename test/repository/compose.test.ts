import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { settingFaults, settingTexts } from '../../loadtests/lib/read-settings.ts';
import { settings as loadSettings } from '../../loadtests/lib/settings.ts';
import { parseScaledObject } from '../../src/keda-sim/index.ts';
import { parseDuration } from '../../src/platform/duration.ts';
import { version } from '../../src/platform/process/version.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { readTiming } from '../../src/server/timing.ts';
import { misspeltVariables, readEnvironment, settings } from '../../src/telemetry-app/environment.ts';
import { installedPath, skippedNote, whyNotInstalled } from '../real/real-programs.ts';
import { flagsOf, portOf, serveVariables } from '../support/commands.ts';
import { bindMounts, type ComposeService, readComposeFile, readProjectFile } from './compose-file.ts';
import { fences, readDocument, section, tableRows } from './markdown.ts';
import { projectRoot, trackedFiles } from './project-files.ts';
import { sourceOfBuilt } from './source-of-built.ts';

const compose = readComposeFile();
const services = Object.entries(compose.services);
const named = (matches: (service: ComposeService, name: string) => boolean) =>
  services.filter(([name, service]) => matches(service, name)).map(([name]) => name);
const all = services.map(([name]) => name);
const service = (name: string): ComposeService => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`compose.yaml has no service ${name}`);
  return found;
};
const jobs = ['seed', 'load'];
const apps = named(({ command }) => command?.[0] === 'dist/telemetry-app/main.js');

/** Where each service listens, from the code where it is ours. */
const listens: Readonly<Record<string, readonly number[]>> = {
  ...Object.fromEntries(apps.map((name) => [name, [Number(settings.port.default)]])),
  forescale: [portOf('FORESCALE_GRPC_ADDRESS'), portOf('FORESCALE_HTTP_ADDRESS')],
  prometheus: [9090],
  grafana: [3000],
};

const config = parseYaml(readProjectFile('.dclintrc.yaml')) as Record<string, unknown>;
const lint = (path: string): unknown[] =>
  new DCLinter(config).lintFiles([path], false).flatMap((result: { messages: unknown[] }) => result.messages);

const noCompose = await whyNotInstalled(['docker-compose']);

describe('compose.yaml', () => {
  it('has the schema of the Compose specification, and nothing its linter would warn of', () => {
    expect(lint(resolve(projectRoot, 'compose.yaml'))).toEqual([]);
    // A file of ours that is none, so that silence means something.
    expect(lint(resolve(projectRoot, 'compose/prometheus.yml'))).not.toEqual([]);
  });

  it.skipIf(noCompose)(`is read by docker compose itself${skippedNote(noCompose)}`, async () => {
    const args = ['--profile', 'load', '--profile', 'seed', 'config', '--services'];
    const compose = await installedPath('docker-compose');
    const printed = execFileSync(compose, args, { cwd: projectRoot, encoding: 'utf8' });
    expect(printed.trim().split('\n').sort()).toEqual([...all].sort());
  });

  it('has the chain, what watches it, the scaler and who plays KEDA, and two jobs that are asked for by name', () => {
    expect(all).toEqual([
      ...['app-a', 'app-b', 'app-c', 'prometheus', 'grafana', 'forescale', 'keda-sim'],
      ...jobs,
    ]);
    expect(named(({ profiles }) => profiles !== undefined)).toEqual(jobs);
    expect(jobs.map((name) => service(name).profiles)).toEqual(jobs.map((name) => [name]));
  });

  it('publishes what the documents say, as it is in the code, to this machine alone', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([
      ['app-a', '127.0.0.1:8000:8000'],
      ['prometheus', '127.0.0.1:9090:9090'],
      ['grafana', '127.0.0.1:3000:3000'],
      ['forescale', '127.0.0.1:6000:6000'],
      ['forescale', '127.0.0.1:8080:8080'],
    ]);
    for (const [name = '', port = ''] of published) {
      expect(listens[name], name).toContain(Number(port.split(':')[2]));
    }
  });

  it('lets no container be root, write to its image, have a capability or gain one', () => {
    expect(all.length).toBeGreaterThan(8);
    expect(named(({ user }) => !/^[1-9]\d*:\d+$/.test(user ?? ''))).toEqual([]);
    expect(named((one) => one.read_only !== true)).toEqual([]);
    expect(named((one) => one.cap_drop?.join() !== 'ALL')).toEqual([]);
    expect(named((one) => one.security_opt?.join() !== 'no-new-privileges:true')).toEqual([]);
    const forbidden = ['privileged', 'cap_add', 'network_mode', 'pid', 'ipc', 'devices', 'env_file'];
    expect(named((one) => forbidden.some((key) => key in one))).toEqual([]);
    expect(readProjectFile('compose.yaml')).not.toContain('docker.sock');
  });

  it('bounds what each may take: memory, processors, processes, logs', () => {
    const unbounded = named(({ deploy, logging }) => {
      const limits = deploy?.resources?.limits ?? {};
      return !['cpus', 'memory', 'pids'].every((key) => key in limits) || !logging?.options?.['max-size'];
    });
    expect(unbounded).toEqual([]);
  });

  it('restarts what serves, not what is done when it ends, and knows whether what is asked is well', () => {
    expect(named(({ restart }) => restart === 'unless-stopped')).toEqual(
      all.filter((name) => !jobs.includes(name)),
    );
    expect(named(({ restart }) => restart === 'no')).toEqual(jobs);
    expect(named(({ healthcheck }) => healthcheck !== undefined)).toEqual(
      all.filter((name) => name in listens),
    );
    const waits = services.flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on).map(([other, { condition }]) => [name, other, condition]),
    );
    expect(waits.length).toBeGreaterThan(6);
    for (const [name, other = '', condition] of waits) {
      expect(service(other).healthcheck, `${name} waits for ${other}`).toBeDefined();
      expect(condition).toBe('service_healthy');
    }
  });

  it('asks in each health check for the port that service listens on', () => {
    const asked = services.flatMap(([name, { healthcheck }]) =>
      [...(healthcheck?.test.join(' ') ?? '').matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(
        ([, port]) => [name, Number(port)] as const,
      ),
    );
    expect(asked.length).toBe(Object.keys(listens).length);
    for (const [name, port] of asked) expect(listens[name], name).toContain(port);
  });

  it('pins every image to a version, ours to that of the package, which is built and never pulled', () => {
    const ours = named(({ build }) => build !== undefined);
    expect(ours.length).toBeGreaterThan(5);
    for (const name of ours) {
      expect(service(name)).toMatchObject({
        build: { context: '.', args: { VERSION: version } },
        image: `forescale:${version}`,
        pull_policy: 'build',
      });
    }
    const others = all.filter((name) => !ours.includes(name)).map((name) => service(name).image);
    expect(others.length).toBeGreaterThan(2);
    expect(others.filter((image) => !/^[\w-]+\/[\w-]+:v?\d+\.\d+\.\d+$/.test(image))).toEqual([]);
    // The same k6 as `make tools` builds.
    const { source } = /k6: \{[\s\S]*?version: 'v(?<source>[\d.]+)'/.exec(
      readProjectFile('tools/programs/find-program.ts'),
    )?.groups ?? { source: '?' };
    expect(service('load').image).toBe(`grafana/k6:${source}`);
  });

  it('mounts only what exists, read-only, and volumes that are declared', () => {
    const mounts = services.flatMap(([, one]) => bindMounts(one));
    expect(mounts.length).toBeGreaterThan(6);
    expect(mounts.filter(({ from }) => !existsSync(resolve(projectRoot, from)))).toEqual([]);
    expect(mounts.filter(({ mode }) => mode !== 'ro')).toEqual([]);
    const volumes = services.flatMap(([, one]) =>
      (one.volumes ?? []).filter((volume) => !volume.startsWith('.')).map((volume) => volume.split(':')[0]),
    );
    expect(volumes.sort()).toEqual(Object.keys(compose.volumes).sort());
    const files = trackedFiles('compose');
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((file) => !mounts.some(({ from }) => from === `./${file}`))).toEqual([]);
  });

  it('tells k6 to run a load test that is mounted, with all it imports', () => {
    const mounts = bindMounts(service('load'));
    const mounted = (path: string) => mounts.find(({ to }) => path.startsWith(`${to}/`));
    const script = service('load').command?.at(-1) ?? '';
    const mount = mounted(script);
    expect(
      existsSync(resolve(projectRoot, mount?.from ?? '', script.slice((mount?.to ?? '').length + 1))),
    ).toBe(true);
    // Beside each other as in the project: the scripts import shapes and settings by a relative path.
    expect(mounts.map(({ from, to }) => [from, to])).toEqual([
      ['./loadtests', '/forescale/loadtests'],
      ['./src/load-shapes', '/forescale/src/load-shapes'],
      ['./src/platform', '/forescale/src/platform'],
    ]);
    const beyond = [...trackedFiles('loadtests'), ...trackedFiles('src/load-shapes')].filter((path) =>
      /from '(?:\.\.\/)+src\/(?!load-shapes\/|platform\/setting)/.test(readProjectFile(path)),
    );
    expect(beyond).toEqual([]);
  });
});

describe('the environment in compose.yaml', () => {
  it('of each app is one the app accepts', () => {
    expect(apps).toEqual(['app-a', 'app-b', 'app-c']);
    const known = Object.values(settings).map(({ name }) => name as string);
    for (const name of apps) {
      const { environment = {} } = service(name);
      const variables = environment as Record<string, string>;
      expect(Object.keys(variables).filter((variable) => !known.includes(variable))).toEqual([]);
      expect(misspeltVariables(variables)).toEqual([]);
      expect(readEnvironment(variables).name).toBe(name);
      const { drainSeconds } = readEnvironment(variables);
      expect(parseDuration(service(name).stop_grace_period ?? '0')).toBeGreaterThan(drainSeconds + 5);
    }
  });

  it('of the scaler has only variables that serve reads', () => {
    const known = serveVariables();
    const given = Object.keys(service('forescale').environment ?? {});
    expect(given.length).toBeGreaterThan(2);
    expect(given.filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it('of the load passes on every variable of the load test, and no other', () => {
    const { environment = {} } = service('load');
    const known = Object.values(loadSettings)
      .filter(({ scripts }) => (scripts as readonly string[]).includes('realistic'))
      .map(({ name }) => name as string);
    expect(known.length).toBeGreaterThan(10);
    const given = Object.keys(environment).filter((variable) => variable.startsWith('LOAD_'));
    expect([...given].sort()).toEqual([...known].sort());
    const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== null));
    expect(settingFaults('realistic', set as Record<string, string>)).toEqual([]);
    expect(settingTexts('realistic', set as Record<string, string>).get('LOAD_URL')).toBe(
      'http://app-a:8000',
    );
  });

  it('has no secret, and no account that would need one', () => {
    const names = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => /PASSWORD|SECRET|TOKEN|CREDENTIAL/.test(name))).toEqual([]);
    expect(service('grafana').environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
  });
});

describe('the commands in compose.yaml', () => {
  it('are files and commands of ours with flags they have', () => {
    const ours = services.filter(([, { image, command }]) => image.startsWith('forescale:') && command);
    expect(ours.length).toBeGreaterThan(5);
    for (const [name, { command = [] }] of ours) {
      const [file = '', verb, ...flags] = command;
      expect(existsSync(resolve(projectRoot, sourceOfBuilt(file))), `${name}: ${file}`).toBe(true);
      if (verb === undefined) continue;
      const known = flagsOf(verb).map(({ long }) => long);
      expect(known.length, verb).toBeGreaterThan(5);
      expect(flags.filter((flag) => !known.includes(flag.split('=')[0] ?? ''))).toEqual([]);
    }
  });

  it('name as hosts only services, at ports they listen on', () => {
    const files = ['compose.yaml', ...trackedFiles('compose')];
    const addresses = files.flatMap((file) =>
      [...readProjectFile(file).matchAll(/(?<![\w.])([a-z][a-z-]*):(\d{4})(?!\d)/g)].map(
        ([, host = '', port]) => [host, Number(port), file] as const,
      ),
    );
    expect(addresses.length).toBeGreaterThan(10);
    for (const [host, port, file] of addresses) expect(listens[host], `${host} in ${file}`).toContain(port);
  });
});

describe('what compose.yaml mounts', () => {
  const prometheus = parseYaml(readProjectFile('compose/prometheus.yml')) as {
    global: { scrape_interval: string };
    storage: { tsdb: { out_of_order_time_window: string } };
    scrape_configs: {
      job_name: string;
      honor_labels?: boolean;
      static_configs: { targets: string[] }[];
    }[];
  };
  const scaledObject = parseScaledObject(
    readProjectFile('compose/scaled-object.yaml'),
    'compose/scaled-object.yaml',
  );

  it('lets Prometheus scrape everything that has metrics, and keep as much as is seeded and asked for', () => {
    const targets = prometheus.scrape_configs.flatMap(({ static_configs }) =>
      static_configs.flatMap((one) => one.targets),
    );
    expect(targets).toEqual([
      ...apps.map((name) => `${name}:8000`),
      ...['forescale:8080', '127.0.0.1:9090', 'grafana:3000'],
    ]);
    expect(prometheus.scrape_configs.find(({ job_name }) => job_name === 'forescale')?.honor_labels).toBe(
      true,
    );
    const flags = service('prometheus').command ?? [];
    expect(flags).toContain('--web.enable-remote-write-receiver');
    const [retention = ''] = flags.flatMap((flag) => flag.split('--storage.tsdb.retention.time=').slice(1));
    const [days = ''] = (service('seed').command ?? []).flatMap((flag) => flag.split('--days=').slice(1));
    const needed = Math.max(
      Number(days) * 86_400,
      parseDuration(scaledObject.metadata['historyTimeWindow'] ?? '') ?? 0,
    );
    expect(needed).toBeGreaterThan(7 * 86_400);
    expect(parseDuration(retention)).toBeGreaterThan(needed);
    expect(parseDuration(prometheus.storage.tsdb.out_of_order_time_window)).toBeGreaterThan(needed);
  });

  it('seeds the series that the trigger asks for', () => {
    const [labels = ''] = (service('seed').command ?? []).flatMap((flag) => flag.split('--labels=').slice(1));
    const { query } = scaledObject.metadata;
    const [, metric, matcher = '', range = ''] = /\((\w+)\{(\w+="[^"]+")\}\[(\w+)\]/.exec(query ?? '') ?? [];
    // Two samples of a series that has one a minute, which is what is seeded: Prometheus 3 leaves the oldest edge out.
    const [seedStep] = flagsOf('seed').flatMap(({ long, byDefault = '' }) =>
      long === '--step' ? [/^\w+/.exec(byDefault)?.[0] ?? ''] : [],
    );
    expect(parseDuration(seedStep ?? '')).toBe(60);
    expect(parseDuration(range)).toBeGreaterThanOrEqual(2 * 60);
    expect(service('seed').command).toContain(`--metric=${metric}`);
    expect(labels.split(',')).toContain(matcher.replaceAll('"', ''));
  });

  it('is a ScaledObject that keda-sim plays whole and whose every key the scaler knows', () => {
    expect(scaledObject.ignored).toEqual([]);
    expect(parseTriggerMetadata(scaledObject.metadata).warnings).toEqual([]);
  });

  it('tells scaler and Grafana the intervals that there are', () => {
    const path = 'compose/forescale.yaml';
    const timing = readTiming(parseServerFile(readProjectFile(path), path).timing);
    const interval = prometheus.global.scrape_interval;
    expect(timing.scrapeInterval).toBe(parseDuration(interval));
    expect(timing.kedaPollingInterval).toBe(scaledObject.pollingIntervalSeconds);
    const { datasources } = parseYaml(readProjectFile('compose/grafana/datasources.yaml')) as {
      datasources: { type: string; url: string; jsonData: { timeInterval: string } }[];
    };
    expect(datasources.map(({ type, url, jsonData }) => [type, url, jsonData.timeInterval])).toEqual([
      ['prometheus', 'http://prometheus:9090', interval],
      ['prometheus', 'http://forescale:8080/prometheus', '5m'],
    ]);
  });

  it('shows Grafana the dashboards of the project', () => {
    const { providers } = parseYaml(readProjectFile('compose/grafana/dashboards.yaml')) as {
      providers: { options: { path: string } }[];
    };
    const mount = bindMounts(service('grafana')).find(({ to }) => to === providers[0]?.options.path);
    expect(mount?.from).toBe('./k8s/monitoring/dashboards');
    const home = service('grafana').environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    expect(existsSync(resolve(projectRoot, `${mount?.from}${home.slice(mount?.to.length)}`))).toBe(true);
  });
});

describe('docs/compose.md', () => {
  const document = readDocument('docs/compose.md');

  it('lists every address that is published, with its service', () => {
    const rows = tableRows(section(document, 'What is where')).map(([address, name]) => `${name} ${address}`);
    const published = services.flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `\`${name}\` \`${port.replace(/:\d+$/, '')}\``),
    );
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.sort()).toEqual(published.sort());
  });

  it('names only services, profiles and scripts that there are', () => {
    const commands = fences
      .filter(({ path, language }) => path === document.path && language === 'sh')
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.startsWith('docker compose '));
    expect(commands.length).toBeGreaterThan(4);
    const profiles = commands.flatMap((line) =>
      [...line.matchAll(/--profile (\w+)/g)].map(([, name]) => name),
    );
    expect([...new Set(profiles)].sort()).toEqual([...jobs].sort());
    const asked = commands.flatMap((line) => /(?:run --rm|logs --follow) ([\w-]+)/.exec(line)?.[1] ?? []);
    expect(asked.sort()).toEqual(['keda-sim', ...jobs].sort());
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    const named = [...document.text.matchAll(/`(image:\w+)`|npm run (?:--silent )?([\w:]+)/g)].map(
      ([, step, script]) => step ?? script ?? '',
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect([...document.text.matchAll(/forescale:(\d\S*)/g)].map(([, tag]) => tag)).toEqual(
      Array.from({ length: 3 }, () => version),
    );
  });
});
