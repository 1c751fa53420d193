import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImageBuilder } from './image-builder.ts';

/** The base images of the Dockerfile, made from files of this machine, so that no image registry is needed. */
export interface BaseImages {
  readonly build: string;
  readonly run: string;
}

/** Makes both in `folder`, with the Node these tests run on. */
export async function makeBaseImages(builder: ImageBuilder, folder: string): Promise<BaseImages> {
  const make = async (name: string, env: Readonly<Record<string, string>>, fill: (root: string) => void) => {
    const root = join(folder, name);
    mkdirSync(join(root, 'tmp'), { recursive: true });
    fill(root);
    const file = join(folder, `${name}.Dockerfile`);
    const settings = Object.entries(env).map(([key, value]) => `ENV ${key}=${JSON.stringify(value)}\n`);
    writeFileSync(file, `FROM scratch\nCOPY . /\n${settings.join('')}`);
    await builder.run('bud', '--quiet', '--tag', name, '--file', file, root);
    return `localhost/${name}`;
  };
  // This image is like distroless: it has Node and the libraries that Node needs, and no shell.
  const run = await make('base-run', {}, (root) => addProgram(root, process.execPath, '/nodejs/bin/node'));
  // This image is like node:24-slim: it has a shell, npm, and the programs that npm and the scripts call.
  const certificates = process.env['NODE_EXTRA_CA_CERTS'] ?? '';
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    npm_config_cache: npmCache.inside,
    npm_config_registry: registry,
    ...(certificates !== '' && { NODE_EXTRA_CA_CERTS: certificates }),
  };
  const build = await make('base-build', env, (root) => {
    addProgram(root, process.execPath, '/usr/local/bin/node');
    for (const path of ['/bin/sh', '/usr/bin/env', '/usr/bin/find', '/usr/bin/mkdir'])
      addProgram(root, path, path);
    if (certificates !== '') addFile(root, certificates, certificates);
    const npm = '/usr/local/lib/node_modules/npm';
    const command = realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim());
    cpSync(join(dirname(command), '..'), join(root, npm), { recursive: true });
    symlinkSync(join(npm, 'bin/npm-cli.js'), join(root, '/usr/local/bin/npm'));
  });
  return { build, run };
}

/** Gives a build this machine's npm cache, so that it downloads only packages that are not in it. */
export const npmCache = {
  inside: '/npm-cache',
  outside: () => execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(),
};

/** A program with the libraries it is linked to, each where the loader looks for it. */
function addProgram(root: string, from: string, to: string): void {
  addFile(root, from, to);
  const linked = execFileSync('ldd', [from], { encoding: 'utf8' });
  for (const [, library = ''] of linked.matchAll(/(\/\S+) \(0x/g)) addFile(root, library, library);
}

function addFile(root: string, from: string, to: string): void {
  mkdirSync(join(root, dirname(to)), { recursive: true });
  copyFileSync(from, join(root, to));
}
