import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { freePort } from '../../tools/programs/free-port.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import { projectRoot } from '../repository/project-files.ts';
import { makeBaseImages, npmCache } from './base-images.ts';
import { type ImageBuilder, openImageBuilder, whyNoImageBuilder } from './image-builder.ts';
import { createKedaCaller } from './integration/scaler-client.ts';
import { skippedNote } from './real-programs.ts';

const why = await whyNoImageBuilder();
/** Longest time for a build. It takes half a minute here and writes 700 MB; other suites may keep a machine busy. */
const hookTimeoutMs = 600_000;

interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

describe.skipIf(why !== undefined)(`the image, built by buildah${skippedNote(why)}`, () => {
  let folder: string;
  let builder: ImageBuilder;
  let config: ImageConfig;
  let container: string;
  let scaler: RunningProgram;
  let telemetryApp: RunningProgram;
  let grpcPort: number;

  /** A command in a container of the image, with the image's user, folder and environment. */
  const inContainer = (command: readonly string[], env: Readonly<Record<string, string>> = {}) => [
    ...['run', '--network=host', ...Object.entries(env).map(([key, value]) => `--env=${key}=${value}`)],
    ...[container, '--', ...config.Entrypoint, ...command],
  ];

  function start(name: string, command: readonly string[], env: (port: number) => Record<string, string>) {
    return startServerProcess({
      name,
      path: builder.program,
      args: (port) => builder.argsFor(...inContainer(command, env(port))),
      env: () => builder.env,
      readyPath: '/readyz',
    });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-built-image-'));
    builder = await openImageBuilder(folder);
    const base = await makeBaseImages(builder, folder);
    mkdirSync(npmCache.outside(), { recursive: true });
    await builder.run(
      ...[
        'bud',
        `--volume=${npmCache.outside()}:${npmCache.inside}`,
        '--tag=forescale',
        `--build-arg=VERSION=${version}`,
      ],
      ...[`--build-arg=BUILD_IMAGE=${base.build}`, `--build-arg=RUN_IMAGE=${base.run}`, projectRoot],
    );
    const inspected = JSON.parse(await builder.run('inspect', '--type=image', 'forescale')) as {
      OCIv1: { config: ImageConfig };
    };
    config = inspected.OCIv1.config;
    container = await builder.run('from', 'forescale');
    grpcPort = await freePort();
    scaler = await start('scaler', config.Cmd, (port) => ({
      FORESCALE_GRPC_ADDRESS: `127.0.0.1:${grpcPort}`,
      FORESCALE_HTTP_ADDRESS: `127.0.0.1:${port}`,
      FORESCALE_STATE_DIR: '/var/lib/forescale',
    }));
    telemetryApp = await start('telemetry-app', ['src/telemetry-app/main.ts'], (port) => ({
      APP_HOST: '127.0.0.1',
      APP_PORT: String(port),
    }));
  }, hookTimeoutMs);
  afterAll(async () => {
    await telemetryApp?.stop();
    await scaler?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('names its version, its user and what it runs', () => {
    expect(config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['/nodejs/bin/node'],
      Cmd: ['src/cli/main.ts', 'serve'],
      WorkingDir: '/app',
    });
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'forescale',
      'org.opencontainers.image.version': version,
    });
  });

  it('serves the scaler: health, page, metrics, and gRPC as KEDA and the kubelet ask it', async () => {
    for (const path of ['/healthz', '/', '/metrics']) {
      expect([path, (await fetch(`${scaler.url}${path}`)).status]).toEqual([path, 200]);
    }
    const keda = createKedaCaller(grpcPort);
    expect((await keda.spec('shop', { query: 'up', threshold: '7.5' })).targetSizeFloat).toBe(7.5);
    keda.close();
    const Health = makeGenericClientConstructor(healthService, 'grpc.health.v1.Health');
    const health = new Health(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
    const answer = await new Promise((resolve, reject) => {
      health['check']?.({ service: '' }, (error: Error | null, said: unknown) =>
        error ? reject(error) : resolve(said),
      );
    });
    health.close();
    expect(answer).toMatchObject({ status: 'SERVING' });
  });

  it('is the telemetry app when it is told so', async () => {
    const answer = await fetch(`${telemetryApp.url}/process`, { method: 'POST', body: '[]' });
    expect([answer.status, await answer.json()]).toEqual([200, ['telemetry-app']]);
  });

  it('runs as nobody in particular, who may write its state and nothing else, and finds no shell', async () => {
    const look = `
      const { accessSync, existsSync, constants } = require('node:fs');
      const mayWrite = (path) => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } };
      console.log(JSON.stringify({
        uid: process.getuid(), gid: process.getgid(), app: mayWrite('/app'), main: mayWrite('/app/src/cli/main.ts'),
        state: mayWrite('/var/lib/forescale'), shell: existsSync('/bin/sh'), source: existsSync('/app/src/cli/main.ts'),
        tests: existsSync('/app/test'), tools: existsSync('/app/node_modules/vitest'),
      }));`;
    expect(JSON.parse(await builder.run(...inContainer(['--eval', look])))).toEqual({
      uid: 65532,
      gid: 65532,
      app: false,
      main: false,
      state: true,
      shell: false,
      source: true,
      tests: false,
      tools: false,
    });
  });
});
