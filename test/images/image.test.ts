import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { whyNoImageBuilder } from '../../tools/images/image-builder.ts';
import { noticesPath } from '../../tools/supply-chain/third-party-notices.ts';
import { createKedaCaller } from '../real/integration/scaler-client.ts';
import { skippedNote } from '../real/real-programs.ts';
import { readComposeFile } from '../repository/compose-file.ts';
import { projectRoot } from '../repository/project-files.ts';
import { askWhatIf } from '../support/ask-what-if.ts';
import { quickFolder } from '../support/quick-folder.ts';
import { type BuiltImage, startBuiltImage } from './built-image.ts';
import { startImageTree } from './image-tree.ts';
import { plainEnvironment, type StartedImage } from './started-image.ts';

const runFile = promisify(execFile);
const packageFile = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const why = await whyNoImageBuilder();
/** Longest time for a build. It takes a quarter of a minute here and writes 200 MB; other suites may keep a machine busy. */
const hookTimeoutMs = 600_000;

/** Where no image can be built, what the Dockerfile says is done without one. */
describe(`the image, built ${why === undefined ? 'by buildah' : 'without Docker'}`, () => {
  let folder: string;
  let image: StartedImage;
  let built: BuiltImage | undefined;
  beforeAll(async () => {
    folder = quickFolder('forescale-image-');
    if (why === undefined) built = await startBuiltImage(folder);
    image = built ?? (await startImageTree(folder));
  }, hookTimeoutMs);
  afterAll(async () => {
    await image?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('has what is needed to run, and nothing that is needed to develop', () => {
    const { app } = image;
    expect(existsSync(join(app, 'node_modules/fastify'))).toBe(true);
    const tools = Object.keys(packageFile.devDependencies);
    expect(tools.length).toBeGreaterThan(8);
    // Types alone, which a dependency brings along.
    expect(tools.filter((name) => existsSync(join(app, 'node_modules', name)))).toEqual(['@types/node']);
    const types = execFileSync('find', ['node_modules', '-name', '*.d.ts'], { cwd: app, encoding: 'utf8' });
    expect(types).toBe('');
  });

  it('serves the scaler with its page, its reference and its metrics', async () => {
    for (const page of ['/', '/assets/uplot/uPlot.esm.js', '/docs/', '/openapi.json', '/metrics']) {
      const answer = await fetch(`${image.scaler.url}${page}`);
      expect([page, answer.status]).toEqual([page, 200]);
      expect((await answer.text()).length).toBeGreaterThan(500);
    }
  });

  it('plays what-ifs in a thread', async () => {
    expect(await askWhatIf(image.scaler.url)).toEqual([200, ['reactive']]);
  });

  it('is the telemetry app when it is told so', async () => {
    const answer = await fetch(`${image.telemetryApp.url}/process`, { method: 'POST', body: '[]' });
    expect([answer.status, await answer.json()]).toEqual([200, ['telemetry-app']]);
  });

  it.each([
    ['app-a', 'telemetryApp'],
    ['forescale', 'scaler'],
  ] as const)(
    'is well by the health check of %s in compose.yaml, and not when nobody answers',
    async (name, program) => {
      const [kind, node, ...args] = readComposeFile().services[name]?.healthcheck?.test ?? [];
      expect([kind, node]).toEqual(['CMD', '/nodejs/bin/node']);
      const check = (port: number) =>
        runFile(
          process.execPath,
          args.map((arg) => arg.replace(/:\d{4}\//, `:${port}/`)),
          { timeout: 60_000 },
        );
      await check(image[program].port);
      await expect(check(9)).rejects.toMatchObject({ code: 1 });
    },
  );

  it('has the licence text of each package in it', () => {
    const notices = readFileSync(join(image.app, noticesPath), 'utf8');
    const { packages } = JSON.parse(readFileSync(join(image.app, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string; dev?: boolean }>;
    };
    const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    expect(shipped.length).toBeGreaterThan(100);
    const missing = shipped.filter(
      ([path, { version }]) => !notices.includes(`\n${path.split('node_modules/').at(-1)} ${version} (`),
    );
    expect(missing.map(([path]) => path)).toEqual([]);
  });

  it('can say what is in it', async () => {
    const options = { cwd: image.app, env: plainEnvironment };
    const { stdout } = await runFile('npm', ['run', '--silent', 'image:sbom'], options);
    const sbom = JSON.parse(stdout) as {
      bomFormat: string;
      metadata: { component: { version: string } };
      components: { name: string }[];
    };
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(sbom.metadata.component.version).toBe(version);
    const names = sbom.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['fastify', 'pino', 'prom-client']));
    expect(names).not.toContain('vitest');
  });

  describe.skipIf(why !== undefined)(`and started in a container${skippedNote(why)}`, () => {
    it('names its version, its user and what it runs', () => {
      expect(built?.config).toMatchObject({
        User: '65532:65532',
        Entrypoint: ['/nodejs/bin/node'],
        Cmd: ['dist/cli/main.js', 'serve'],
        WorkingDir: '/app',
      });
      expect(built?.config.Labels).toMatchObject({
        'org.opencontainers.image.title': 'forescale',
        'org.opencontainers.image.version': version,
      });
    });

    it('serves gRPC as KEDA and the kubelet ask it', async () => {
      expect((await fetch(`${built?.scaler.url}/healthz`)).status).toBe(200);
      const keda = createKedaCaller(built?.grpcPort ?? 0);
      expect((await keda.spec('shop', { query: 'up', threshold: '7.5' })).targetSizeFloat).toBe(7.5);
      keda.close();
      const Health = makeGenericClientConstructor(healthService, 'grpc.health.v1.Health');
      const health = new Health(`127.0.0.1:${built?.grpcPort}`, credentials.createInsecure());
      const answer = await new Promise((resolve, reject) => {
        health['check']?.({ service: '' }, (error: Error | null, said: unknown) =>
          error ? reject(error) : resolve(said),
        );
      });
      health.close();
      expect(answer).toMatchObject({ status: 'SERVING' });
    });

    it('runs as nobody in particular, who may write its state and nothing else, and finds no shell', async () => {
      const look = `
      const { accessSync, existsSync, constants } = require('node:fs');
      const mayWrite = (path) => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } };
      console.log(JSON.stringify({
        uid: process.getuid(), gid: process.getgid(), app: mayWrite('/app'), main: mayWrite('/app/dist/cli/main.js'),
        state: mayWrite('/var/lib/forescale'), shell: existsSync('/bin/sh'), built: existsSync('/app/dist/cli/main.js'), source: existsSync('/app/src'),
        tests: existsSync('/app/test'), tools: existsSync('/app/node_modules/vitest'),
      }));`;
      expect(JSON.parse((await built?.evaluate(look)) ?? '')).toEqual({
        uid: 65532,
        gid: 65532,
        app: false,
        main: false,
        state: true,
        shell: false,
        built: true,
        source: false,
        tests: false,
        tools: false,
      });
    });
  });
});
