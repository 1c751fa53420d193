import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImageBuilder } from './image-builder.ts';

/** The base images of the Dockerfile, made from files of this machine, so that no image registry is needed. */
export interface BaseImages {
  readonly build: string;
  readonly run: string;
  /** Options of `buildah bud`: what is mounted in the first image. */
  readonly buildMounts: readonly string[];
  /** Options of `buildah from`: what is mounted in a container of the second image, and of images made from it. */
  readonly runMounts: readonly string[];
}

/**
 * How the second image has Node: `copied`, as an image that is run elsewhere needs it, or `mounted` in each of its containers on
 * this machine, because buildah copies and hashes its 130 MB with every image and every container.
 */
type NodeInside = 'copied' | 'mounted';

/** Makes both in `folder`, with the Node that runs this. */
export async function makeBaseImages(
  builder: ImageBuilder,
  folder: string,
  nodeInside: NodeInside,
): Promise<BaseImages> {
  const make = async (name: string, env: Readonly<Record<string, string>>, fill: (root: string) => void) => {
    const root = join(folder, name);
    mkdirSync(join(root, 'tmp'), { recursive: true });
    chmodSync(join(root, 'tmp'), 0o1777);
    fill(root);
    const file = join(folder, `${name}.Dockerfile`);
    const settings = Object.entries(env).map(([key, value]) => `ENV ${key}=${JSON.stringify(value)}\n`);
    writeFileSync(file, `FROM scratch\nCOPY . /\n${settings.join('')}`);
    await builder.run('bud', '--quiet', '--timestamp=0', '--tag', name, '--file', file, root);
    return `localhost/${name}`;
  };
  const node = realpathSync(process.execPath);
  // This image is like distroless: it has Node and the libraries that Node needs, and no shell.
  const run = await make('base-run', {}, (root) => {
    addLibraries(root, node);
    mkdirSync(join(root, 'etc'), { recursive: true });
    // Names are first looked for in /etc/hosts, as in distroless.
    writeFileSync(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
    if (nodeInside === 'copied') addFile(root, node, nodePath);
  });
  // This image is like node:24-slim: it has a shell, npm, and the programs that npm and the scripts call.
  const certificates = process.env['NODE_EXTRA_CA_CERTS'] ?? '';
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    npm_config_cache: npmCache.inside,
    npm_config_registry: registry,
    ...(certificates !== '' && { NODE_EXTRA_CA_CERTS: certificates }),
  };
  const npm = '/usr/local/lib/node_modules/npm';
  const build = await make('base-build', env, (root) => {
    addLibraries(root, node);
    for (const path of ['/bin/sh', '/usr/bin/env', '/usr/bin/find', '/usr/bin/mkdir']) {
      addFile(root, path);
      addLibraries(root, path);
    }
    if (certificates !== '') addFile(root, certificates);
    mkdirSync(join(root, '/usr/local/bin'), { recursive: true });
    symlinkSync(join(npm, 'bin/npm-cli.js'), join(root, '/usr/local/bin/npm'));
  });
  const command = realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim());
  return {
    build,
    run,
    buildMounts: [mount(node, '/usr/local/bin/node'), mount(join(dirname(command), '..'), npm)],
    runMounts: nodeInside === 'mounted' ? [mount(node, nodePath)] : [],
  };
}

/** Where distroless has Node. */
const nodePath = '/nodejs/bin/node';

/** An option of buildah that mounts a file or a folder of this machine, which nothing may write to. */
const mount = (from: string, to: string) => `--volume=${from}:${to}:ro`;

/** Gives a build this machine's npm cache, so that it downloads only packages that are not in it. */
export const npmCache = {
  inside: '/npm-cache',
  outside: () => execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(),
};

/** Adds the libraries that a program is linked to, each where the loader looks for it. */
function addLibraries(root: string, program: string): void {
  const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
  for (const [, library = ''] of linked.matchAll(/(\/\S+) \(0x/g)) addFile(root, library);
}

/** Adds a file of this machine, by default at its own path. */
function addFile(root: string, from: string, to = from): void {
  mkdirSync(join(root, dirname(to)), { recursive: true });
  copyFileSync(from, join(root, to));
}
