import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../../src/platform/process/version.ts';
import { startServerProcess } from '../../tools/programs/server-process.ts';
import { plainEnvironment as env } from '../images/started-image.ts';
import { projectRoot } from '../repository/project-files.ts';
import { askWhatIf } from '../support/ask-what-if.ts';
import { quickFolder } from '../support/quick-folder.ts';
import { skippedNote } from './real-programs.ts';

const runFile = promisify(execFile);
const folder = quickFolder('forescale-package-');
const app = join(folder, 'app');

/** What npm says when neither its cache nor a registry has a dependency. */
const noRegistry = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E404|CERT/;
/** npm reaches its registry as whoever runs the tests does: the proxy and the certificates it needs are told by the environment. */
const npmEnvironment = { ...process.env, PATH: env.PATH };

/** Packs the project and installs the file in an empty folder. Returns why that is not possible here, if so. */
async function installPackage(): Promise<string | undefined> {
  await runFile('npm', ['pack', '--pack-destination', folder], {
    cwd: projectRoot,
    env: npmEnvironment,
    timeout: 200_000,
  });
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  const install = [
    'install',
    '--prefer-offline',
    '--fetch-retries=1',
    '--no-audit',
    '--no-fund',
    join(folder, archive),
  ];
  try {
    await runFile('npm', install, { cwd: app, env: npmEnvironment, timeout: 200_000 });
    return undefined;
  } catch (error) {
    const [reason] = noRegistry.exec(String(error)) ?? [];
    if (reason === undefined) throw error;
    return `npm cannot install the dependencies: ${reason}`;
  }
}

const remove = () => rmSync(folder, { recursive: true, force: true });
const missing = await installPackage().catch((error) => {
  // No hook runs in a file that cannot be loaded.
  remove();
  throw error;
});
const skipped = skippedNote(missing);
afterAll(remove);

describe.skipIf(missing !== undefined)(`the packed package, installed in an empty folder${skipped}`, () => {
  const npx = (...args: string[]) =>
    runFile('npx', ['forescale', ...args], { cwd: app, env, timeout: 200_000 });

  it('has what runs and nothing of the workshop', () => {
    const installed = join(app, 'node_modules/forescale');
    expect(readdirSync(installed).sort()).toEqual(
      ['LICENSE', 'README.md', 'THIRD_PARTY_NOTICES', 'bin', 'dist', 'package.json', 'proto'].sort(),
    );
    expect(existsSync(join(app, 'node_modules/vitest'))).toBe(false);
  });

  it('has the command, which says where the demo is', async () => {
    expect((await npx('--help')).stdout).toContain('forecast');
    expect((await npx('--version')).stdout.trim()).toBe(version);
    await expect(npx('demo')).rejects.toMatchObject({ stderr: expect.stringContaining('git clone') });
  });

  it('forecasts a CSV file', async () => {
    const hours = Array.from({ length: 24 * 21 }, (_, hour) => hour);
    const rows = hours.map(
      (hour) => `${1_767_225_600 + hour * 3600},${50 + 40 * Math.sin((hour * Math.PI) / 12)}`,
    );
    writeFileSync(join(app, 'demand.csv'), `timestamp,value\n${rows.join('\n')}\n`);
    const command = join(app, 'node_modules/.bin/forescale');
    const args = ['forecast', '--csv', 'demand.csv', '--horizon', '24h', '--json'];
    const { stdout } = await runFile(command, args, { cwd: app, env });
    const { status, seasons, points } = JSON.parse(stdout) as Record<string, unknown[]>;
    expect(status).toBe('ok');
    expect(seasons).toContain(86_400);
    expect(points).toHaveLength(24);
  });

  it('serves the scaler with its page, its reference, its metrics and what-ifs', async () => {
    const server = await startServerProcess({
      name: 'forescale',
      path: process.execPath,
      args: () => [join(app, 'node_modules/forescale/bin/forescale.js'), 'serve'],
      env: (port) => ({
        ...env,
        FORESCALE_GRPC_ADDRESS: '127.0.0.1:0',
        FORESCALE_HTTP_ADDRESS: `127.0.0.1:${port}`,
      }),
      readyPath: '/readyz',
    });
    try {
      for (const page of [
        '/',
        '/page.js',
        '/assets/uplot/uPlot.esm.js',
        '/docs/',
        '/openapi.json',
        '/metrics',
      ]) {
        const answer = await fetch(`${server.url}${page}`);
        expect([page, answer.status]).toEqual([page, 200]);
      }
      // Its thread is a file of its own, which is found in what was built.
      expect(await askWhatIf(server.url)).toEqual([200, ['reactive']]);
    } finally {
      await server.stop();
    }
  });

  it('is a library with types', async () => {
    const program = `
      import { createForecaster, type Forecaster, forecastSeries } from 'forescale';
      const forecaster: Forecaster = createForecaster({ stepSeconds: 300 });
      forecaster.observe(0, 1);
      const hours = Float64Array.from({ length: 700 }, (_, hour) => 50 + 40 * Math.sin((hour * Math.PI) / 12));
      const { median } = forecastSeries(hours, { stepSeconds: 3600, horizonSteps: 48 });
      console.log(forecaster.forecast({ horizonSteps: 3 }).status, median.length);`;
    writeFileSync(join(app, 'use.ts'), program);
    const { stdout } = await runFile(process.execPath, ['use.ts'], { cwd: app, env });
    expect(stdout).toBe('learning 48\n');
    const tsc = join(projectRoot, 'node_modules/.bin/tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', ''];
    await runFile(tsc, [...flags, '--lib', 'es2024,dom', 'use.ts'], { cwd: app, env });
  });
});
