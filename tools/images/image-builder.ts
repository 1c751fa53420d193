import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../programs/find-program.ts';
import { packageLibraries } from '../programs/package-libraries.ts';

const runFile = promisify(execFile);
/** A build takes half a minute, and ten times that beside ten other programs on two cores; one that takes this long hangs. */
const timeoutMs = 900_000;

/** buildah without a daemon, whose images and containers are files of one folder. */
export interface ImageBuilder {
  /** Runs buildah to its end and resolves with its output. */
  run(...args: readonly string[]): Promise<string>;
  /** How to start a program that keeps running: its path, its arguments and its whole environment. */
  readonly program: string;
  argsFor(...args: readonly string[]): readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Why no image can be built here, as the name of the tests that are skipped for it; undefined when one can. */
export async function whyNoImageBuilder(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-builder-'));
  try {
    const builder = await openImageBuilder(folder);
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    await builder.run('bud', '--quiet', folder);
    return undefined;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return `no image can be built here: ${(stderr ?? message).trim().split('\n').at(-1)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps everything in `folder`: removing that removes all of it. Aborting the signal ends what runs. */
export async function openImageBuilder(folder: string, signal?: AbortSignal): Promise<ImageBuilder> {
  const { path } = await findProgram('buildah', process.env, undefined, signal);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'work'));
  // Its libraries may lie beside it rather than where the loader looks, and it starts itself anew without LD_LIBRARY_PATH.
  const places = ['include /etc/ld.so.conf', ...packageLibraries(join(dirname(path), '../..'))];
  const loaderConfig = write('ld.so.conf', places.join('\n'));
  const loaderCache = join(folder, 'ld.so.cache');
  await runFile('/sbin/ldconfig', ['-X', '-f', loaderConfig, '-C', loaderCache]);
  const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/images"\nrunroot = "${folder}/run"\n`;
  const env = {
    PATH: process.env['PATH'],
    HOME: join(folder, 'work'),
    TMPDIR: join(folder, 'work'),
    // No runtime and no namespaces are needed, and none of this machine's settings count.
    BUILDAH_ISOLATION: 'chroot',
    CONTAINERS_CONF: write('containers.conf', ''),
    CONTAINERS_STORAGE_CONF: write('storage.conf', storage),
    CONTAINERS_REGISTRIES_CONF: write('registries.conf', 'unqualified-search-registries = []\n'),
  };
  const policy = write('policy.json', '{"default": [{"type": "insecureAcceptAnything"}]}');
  // What it mounts is mounted for it alone, and gone when it ends.
  const program = 'unshare';
  const script = 'mount --bind "$1" /etc/ld.so.cache && shift && exec "$@"';
  const argsFor: ImageBuilder['argsFor'] = (verb = '', ...args) => {
    const options = ['bud', 'from', 'push'].includes(verb) ? ['--signature-policy', policy] : [];
    return ['--mount', 'sh', '-c', script, 'sh', loaderCache, path, verb, ...options, ...args];
  };
  return {
    program,
    argsFor,
    env,
    async run(...args) {
      const { stdout } = await runFile(program, argsFor(...args), {
        env,
        timeout: timeoutMs,
        signal,
        maxBuffer: 16 * 1024 * 1024,
      });
      return stdout.trim();
    },
  };
}
