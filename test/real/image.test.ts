import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import { readComposeFile } from '../repository/compose-file.ts';
import { buildContext, readDockerfile } from '../repository/dockerfile.ts';
import { projectRoot } from '../repository/project-files.ts';

const runFile = promisify(execFile);
const [build, run] = readDockerfile();
const packageFile = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
/** The project's own programs are not to help out: only Node, npm and the tools of any Debian. */
const path = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
const env = { PATH: path, HOME: process.env['HOME'] };

/** Does what the build stage of the Dockerfile does, in a folder of its own, with the files a build is sent. */
async function buildTree(folder: string): Promise<string> {
  const app = join(folder, 'app');
  mkdirSync(app);
  const sent = buildContext();
  for (const { keyword, text } of build?.instructions ?? []) {
    if (keyword === 'COPY') {
      const [first = '', ...others] = text.split(' ').slice(0, -1);
      const files = first === '.' ? sent : [first, ...others];
      expect(files.filter((file) => !sent.includes(file))).toEqual([]);
      for (const file of files) cpSync(join(projectRoot, file), join(app, file));
    }
    if (keyword === 'RUN') {
      const command = text.replace('/state', join(folder, 'state'));
      await runFile('sh', ['-c', command], { cwd: app, env, timeout: 120_000 });
    }
  }
  return app;
}

describe('the image, built without Docker', () => {
  let folder: string;
  let app: string;
  let scaler: RunningProgram;
  let telemetryApp: RunningProgram;
  /** As the container runs it: what is behind ENTRYPOINT, or another command. */
  const start = (command: readonly string[], name: string, more: (port: number) => Record<string, string>) =>
    startServerProcess({
      name,
      path: process.execPath,
      args: () => [join(app, command[0] ?? ''), ...command.slice(1)],
      env: (port) => ({ ...env, ...more(port) }),
      readyPath: '/readyz',
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-image-'));
    app = await buildTree(folder);
    const cmd = run?.instructions.find(({ keyword }) => keyword === 'CMD')?.text ?? '[]';
    scaler = await start(JSON.parse(cmd) as string[], 'forescale', (port) => ({
      FORESCALE_GRPC_ADDRESS: '127.0.0.1:0',
      FORESCALE_HTTP_ADDRESS: `127.0.0.1:${port}`,
      FORESCALE_STATE_DIR: join(folder, 'state'),
    }));
    telemetryApp = await start(['src/telemetry-app/main.ts'], 'telemetry-app', (port) => ({
      APP_HOST: '127.0.0.1',
      APP_PORT: String(port),
      APP_DRAIN_SECONDS: '0',
    }));
  }, 180_000);
  afterAll(async () => {
    await telemetryApp?.stop();
    await scaler?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('has what is needed to run, and nothing that is needed to develop', () => {
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
      const answer = await fetch(`${scaler.url}${page}`);
      expect([page, answer.status]).toEqual([page, 200]);
      expect((await answer.text()).length).toBeGreaterThan(500);
    }
  });

  it('is the telemetry app when it is told so', async () => {
    const answer = await fetch(`${telemetryApp.url}/process`, { method: 'POST', body: '[]' });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain('telemetry-app');
  });

  it.each([
    ['app-a', () => telemetryApp],
    ['forescale', () => scaler],
  ])(
    'is well by the health check of %s in compose.yaml, and not when nobody answers',
    async (name, program) => {
      const [kind, node, ...args] = readComposeFile().services[name]?.healthcheck?.test ?? [];
      expect([kind, node]).toEqual(['CMD', '/nodejs/bin/node']);
      const check = (port: number) =>
        runFile(
          process.execPath,
          args.map((arg) => arg.replace(/:\d{4}\//, `:${port}/`)),
          { timeout: 10_000 },
        );
      await check(program().port);
      await expect(check(9)).rejects.toMatchObject({ code: 1 });
    },
  );

  it('can say what is in it', async () => {
    const { stdout } = await runFile('npm', ['run', '--silent', 'image:sbom'], { cwd: app, env });
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
});
