import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/run.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { startServeProcess } from '../serve-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'forescale-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `forescale ARGS` loads: files of ours by their path below src (the demo's by its own), and packages by name. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const list = join(folder, args.join('-'));
  const hook = join(projectRoot, 'test/real/cli/record-modules.ts');
  const env = { ...process.env, RECORDED_MODULES: list };
  await promisify(execFile)(process.execPath, ['--import', hook, 'src/cli/main.ts', ...args], {
    cwd: projectRoot,
    env,
  });
  return namesIn(list);
}

function namesIn(list: string): readonly string[] {
  const root = pathToFileURL(projectRoot).href.replace(/\/*$/, '/');
  const names = readFileSync(list, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'))
    .map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url.replace(root, ''));
  return [...new Set(names)];
}

/** What only a running command needs. */
const heavy = [
  /^src\/forecast\//,
  /^src\/api\//,
  /^src\/server\/start\.ts$/,
  /^src\/scaler\/(?!decision\/(?:policy|served-before)\.ts$)/,
  /^src\/keda-sim\//,
  /^src\/cli\/actions\//,
  /^demo\/run/,
  /^(?:fastify|@grpc\/grpc-js|prom-client|pino-http)$/,
];

describe('what --help loads', () => {
  it('is the list of commands, and nothing that a command needs', async () => {
    const loaded = await loadedBy('--help');
    expect(loaded).toContain('src/cli/run.ts');
    expect(
      loaded.filter(
        (name) =>
          !/^(?:src\/(?:cli|platform)\/(?:(?:process|secrets|terminal)\/)?[\w-]+\.ts|commander|package\.json)$/.test(
            name,
          ),
      ),
    ).toEqual([]);
  });

  it.each(Object.keys(commands))('is the flags of %s, and neither core nor server', async (name) => {
    const loaded = await loadedBy(name, '--help');
    expect(loaded).toContain(`src/cli/commands/${name}.ts`);
    expect(loaded.filter((one) => heavy.some((pattern) => pattern.test(one)))).toEqual([]);
  });
});

/** What no server needs before somebody asks for it, or at all: each would take memory, and time of every garbage collection. */
const rarelyNeeded = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'ajv',
  'date-holidays',
  'ical.js',
  're2js',
];

describe('what a server loads', () => {
  it('is nothing that it rarely needs', async () => {
    const list = join(folder, 'serve');
    const hook = join(projectRoot, 'test/real/cli/record-modules.ts');
    const env = { RECORDED_MODULES: list, NODE_OPTIONS: `--import ${pathToFileURL(hook).href}` };
    const server = await startServeProcess('http://127.0.0.1:1', { env });
    await server.stop();
    const loaded = namesIn(list);
    expect(loaded).toContain('fastify');
    expect(loaded.filter((name) => rarelyNeeded.includes(name))).toEqual([]);
  });
});
