import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServerProcess } from '../../tools/programs/server-process.ts';
import { buildContext, readDockerfile } from '../repository/dockerfile.ts';
import { projectRoot } from '../repository/project-files.ts';
import { plainEnvironment, type StartedImage } from './started-image.ts';

const runFile = promisify(execFile);
const [build, run] = readDockerfile();

/** Does in an empty folder, without Docker, what the Dockerfile says, and starts what the image would start. */
export async function startImageTree(folder: string): Promise<StartedImage> {
  const app = takeImage(await buildTree(folder), folder);
  /** As the container runs it: what is behind ENTRYPOINT, or another command. */
  const start = (command: readonly string[], name: string, more: (port: number) => Record<string, string>) =>
    startServerProcess({
      name,
      path: process.execPath,
      args: () => [join(app, command[0] ?? ''), ...command.slice(1)],
      env: (port) => ({ ...plainEnvironment, ...more(port) }),
      readyPath: '/readyz',
    });
  const cmd = run?.instructions.find(({ keyword }) => keyword === 'CMD')?.text ?? '[]';
  const scaler = await start(JSON.parse(cmd) as string[], 'forescale', (port) => ({
    FORESCALE_GRPC_ADDRESS: '127.0.0.1:0',
    FORESCALE_HTTP_ADDRESS: `127.0.0.1:${port}`,
    FORESCALE_STATE_DIR: join(folder, 'state'),
  }));
  const telemetryApp = await start(['dist/telemetry-app/main.js'], 'telemetry-app', (port) => ({
    APP_HOST: '127.0.0.1',
    APP_PORT: String(port),
    APP_DRAIN_SECONDS: '0',
  }));
  async function stop() {
    await telemetryApp.stop();
    await scaler.stop();
  }
  return { app, scaler, telemetryApp, stop };
}

/** Does what the build stage of the Dockerfile does, with the files a build is sent. */
async function buildTree(folder: string): Promise<string> {
  const app = join(folder, 'build');
  mkdirSync(app);
  const sent = buildContext();
  for (const { keyword, text } of build?.instructions ?? []) {
    if (keyword === 'COPY') {
      const [first = '', ...others] = text.split(' ').slice(0, -1);
      const files = first === '.' ? sent : [first, ...others];
      const unsent = files.filter((file) => !sent.includes(file));
      if (unsent.length > 0) throw new Error(`a build is not sent ${unsent.join(', ')}`);
      for (const file of files) cpSync(join(projectRoot, file), join(app, file));
    }
    if (keyword === 'RUN') {
      const command = text.replace('/state', join(folder, 'state'));
      await runFile('sh', ['-c', command], { cwd: app, env: plainEnvironment, timeout: 120_000 });
    }
  }
  return app;
}

/** Takes from what was built what the last stage of the Dockerfile does. */
function takeImage(built: string, folder: string): string {
  const app = join(folder, 'app');
  mkdirSync(app);
  for (const { keyword, text } of run?.instructions ?? []) {
    if (keyword !== 'COPY') continue;
    const paths = text.split(' ').filter((word) => !word.startsWith('--'));
    const ofApp = paths.slice(0, -1).filter((path) => path.startsWith('/app/'));
    for (const path of ofApp) {
      const name = path.slice('/app/'.length);
      renameSync(join(built, name), join(app, name));
    }
  }
  return app;
}
