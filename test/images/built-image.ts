import { join } from 'node:path';
import { openImageBuilder } from '../../tools/images/image-builder.ts';
import { buildProjectImage } from '../../tools/images/project-image.ts';
import { freePort } from '../../tools/programs/free-port.ts';
import { startServerProcess } from '../../tools/programs/server-process.ts';
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
  const runMounts = await buildProjectImage(builder, folder, { nodeInside: 'mounted', tag: 'forescale' });
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
  const telemetryApp = await start('telemetry-app', ['dist/telemetry-app/main.js'], (port) => ({
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
