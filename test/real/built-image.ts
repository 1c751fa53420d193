import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/platform/process/version.ts';
import { freePort } from '../../tools/programs/free-port.ts';
import { startServerProcess } from '../../tools/programs/server-process.ts';
import { projectRoot } from '../repository/project-files.ts';
import { makeBaseImages, npmCache } from './base-images.ts';
import { type ImageBuilder, openImageBuilder } from './image-builder.ts';
import type { StartedImage } from './started-image.ts';

interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface BuiltImage extends StartedImage {
  readonly config: ImageConfig;
  readonly grpcPort: number;
  /** What Node prints that runs `code` in a container, with the image's user, folder and environment. */
  evaluate(code: string): Promise<string>;
}

/** Builds the image with buildah in an empty folder and starts the scaler and the telemetry app in a container of it. */
export async function startBuiltImage(folder: string): Promise<BuiltImage> {
  const builder = await openImageBuilder(folder);
  const runMounts = await build(builder, folder);
  const inspected = JSON.parse(await builder.run('inspect', '--type=image', 'forescale')) as {
    OCIv1: { config: ImageConfig };
  };
  const { config } = inspected.OCIv1;
  const container = await builder.run('from', ...runMounts, 'forescale');
  const app = join(await builder.run('mount', container), 'app');
  const grpcPort = await freePort();

  const inContainer = (command: readonly string[], env: Readonly<Record<string, string>> = {}) => [
    ...['run', '--network=host', ...Object.entries(env).map(([key, value]) => `--env=${key}=${value}`)],
    ...[container, '--', ...config.Entrypoint, ...command],
  ];
  const start = (name: string, command: readonly string[], env: (port: number) => Record<string, string>) =>
    startServerProcess({
      name,
      path: builder.program,
      args: (port) => builder.argsFor(...inContainer(command, env(port))),
      env: () => builder.env,
      readyPath: '/readyz',
    });
  const scaler = await start('scaler', config.Cmd, (port) => ({
    FORESCALE_GRPC_ADDRESS: `127.0.0.1:${grpcPort}`,
    FORESCALE_HTTP_ADDRESS: `127.0.0.1:${port}`,
    FORESCALE_STATE_DIR: '/var/lib/forescale',
  }));
  const telemetryApp = await start('telemetry-app', ['src/telemetry-app/main.ts'], (port) => ({
    APP_HOST: '127.0.0.1',
    APP_PORT: String(port),
  }));
  async function stop() {
    await telemetryApp.stop();
    await scaler.stop();
  }
  const evaluate = (code: string) => builder.run(...inContainer(['--eval', code]));
  return { app, scaler, telemetryApp, stop, config, grpcPort, evaluate };
}

/** Builds the image as `forescale` and returns what a container of it is started with. */
async function build(builder: ImageBuilder, folder: string): Promise<readonly string[]> {
  const base = await makeBaseImages(builder, folder);
  mkdirSync(npmCache.outside(), { recursive: true });
  const mounts = [...base.buildMounts, `--volume=${npmCache.outside()}:${npmCache.inside}`];
  const given = [`VERSION=${version}`, `BUILD_IMAGE=${base.build}`, `RUN_IMAGE=${base.run}`];
  const options = [...mounts, ...given.map((argument) => `--build-arg=${argument}`), '--tag=forescale'];
  await builder.run('bud', ...options, projectRoot);
  return base.runMounts;
}
