import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type ImageName, imageArchive } from '../../../tools/images/image-archive.ts';
import { installedPath } from '../../real/real-programs.ts';
import { readComposeFile } from '../../repository/compose-file.ts';
import { type DockerEngine, startDockerEngine } from './docker-engine.ts';

/** The stack of compose.yaml in an engine of its own, on images that were made without a registry. */
export interface ComposeEngine extends DockerEngine {
  /** Runs `docker compose` with compose.yaml. */
  compose(args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>;
  /** What JavaScript prints that runs where the published ports are: on the engine's host. */
  onHost(code: string): Promise<string>;
  /** What the same prints in the container of a service of ours. */
  inside(service: string, code: string): Promise<string>;
}

const images = ['forescale', 'prometheus', 'k6'] as const satisfies readonly ImageName[];
const { services } = readComposeFile();

/** Starts an engine and brings it the images. No container runs yet. */
export async function startComposeEngine(): Promise<ComposeEngine> {
  const engine = await startDockerEngine();
  try {
    for (const name of images) {
      const { file } = await imageArchive(name, process.env);
      await engine.docker(['load', '--quiet', '--input', file]);
    }
    const plugins = join(engine.folder, 'config/cli-plugins');
    await mkdir(plugins, { recursive: true });
    await symlink(await installedPath('docker-compose'), join(plugins, 'docker-compose'));
    const override = join(engine.folder, 'override.yaml');
    await writeFile(override, overrideText());
    const files = ['--file=compose.yaml', `--file=${override}`];
    const node = '/nodejs/bin/node';
    return {
      ...engine,
      compose: (args, variables) => engine.docker(['compose', '--ansi=never', ...files, ...args], variables),
      onHost: (code) =>
        engine.docker(['run', '--rm', '--network=host', services['forescale']?.image ?? '', '--eval', code]),
      inside: (service, code) =>
        engine.docker(['compose', ...files, 'exec', '--no-TTY', service, node, '--eval', code]),
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** The images are there, so nothing is built, and Grafana, which cannot be had, has a profile that nobody asks for. */
function overrideText(): string {
  const ours = Object.entries(services).filter(([, service]) => service.build !== undefined);
  const changed = ours.map(([name]) => [name, { build: 'NONE', pull_policy: 'never' }] as const);
  const text = stringify({
    services: { ...Object.fromEntries(changed), grafana: { profiles: ['left-out'] } },
  });
  return text.replaceAll('build: NONE', 'build: !reset null');
}
