import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../tools/programs/find-program.ts';
import { skippedNote, whyMissing } from '../real/real-programs.ts';
import { readComposeFile, readProjectFile } from './compose-file.ts';
import { buildContext, readDockerfile } from './dockerfile.ts';
import { projectRoot } from './project-files.ts';
import { sourceOfBuilt } from './source-of-built.ts';

const [build, run] = readDockerfile();
if (build === undefined || run === undefined) throw new Error('the Dockerfile has less than two stages');
const textsOf = (keyword: string, { instructions } = run) =>
  instructions.filter((instruction) => instruction.keyword === keyword).map(({ text }) => text);
const { scripts, devDependencies } = JSON.parse(readProjectFile('package.json')) as {
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
};

const noHadolint = await whyMissing('hadolint');

describe('the Dockerfile', () => {
  it.skipIf(noHadolint)(`is one that hadolint has nothing against${skippedNote(noHadolint)}`, async () => {
    const { path } = await findProgram('hadolint', process.env);
    const printed = execFileSync(path, ['--no-color', 'Dockerfile'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    expect(printed).toBe('');
  });

  it('builds with the Node of the project and runs on the same major of it, without shell and root', () => {
    const version = devDependencies['node'] ?? '';
    expect(build.image).toMatch(new RegExp(`^node:${version.replaceAll('.', '\\.')}-\\w+-slim$`));
    expect(run.image).toMatch(
      new RegExp(`^gcr\\.io/distroless/nodejs${version.split('.')[0]}-debian\\d+:nonroot$`),
    );
    expect(textsOf('USER')).toEqual(['65532:65532']);
    expect(textsOf('RUN')).toEqual([]);
  });

  it('serves by default, and is the same image for the telemetry app', () => {
    expect(textsOf('ENTRYPOINT')).toEqual(['["/nodejs/bin/node"]']);
    expect(textsOf('CMD')).toEqual(['["dist/cli/main.js", "serve"]']);
    const ours = Object.values(readComposeFile().services).filter((service) => service.build !== undefined);
    expect(ours.length).toBeGreaterThan(5);
    for (const { user, command = [], ports = [] } of ours) {
      expect(user).toBe(textsOf('USER')[0]);
      expect(buildContext()).toContain(sourceOfBuilt(command[0] ?? ''));
      for (const port of ports) expect(textsOf('EXPOSE').join(' ').split(' ')).toContain(port.split(':')[2]);
    }
  });

  it('builds by scripts of the package alone, which run without Docker too', () => {
    const steps = textsOf('RUN', build).flatMap((text) => text.split(' && '));
    expect(steps.length).toBeGreaterThan(3);
    const named = steps.flatMap((step) => (step.startsWith('npm run ') ? [step.slice(8)] : []));
    expect(steps.filter((step) => !step.startsWith('npm run '))).toEqual(['mkdir /state']);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('says what the image is, by the names that are agreed on', () => {
    const labels = [...(textsOf('LABEL')[0] ?? '').matchAll(/org\.opencontainers\.image\.(\w+)="([^"]+)"/g)];
    expect(labels.map(([, name]) => name)).toEqual(['title', 'description', 'licenses', 'version']);
  });
});

describe('what a build is sent', () => {
  it('is what runs, and no test, document or secret', () => {
    const sent = buildContext();
    const places = new Set(sent.map((path) => path.split('/')[0]));
    expect([...places].sort()).toEqual([
      ...['.npmrc', 'LICENSE', 'THIRD_PARTY_NOTICES', 'package-lock.json', 'package.json', 'proto', 'src'],
      ...['tools', 'tsconfig.build.json', 'tsconfig.json'],
    ]);
    expect(sent.filter((path) => path.startsWith('tools'))).toEqual(['tools/build.ts']);
    expect(sent.length).toBeGreaterThan(150);
    expect(sent.filter((path) => /\.test\.ts$|\.env|\.pem$|\.key$/.test(path))).toEqual([]);
  });

  it('has every file that code of it reads beside it', () => {
    const sent = buildContext();
    const beside = sent
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) =>
        [...readProjectFile(path).matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)].map(
          ([, target = '']) => new URL(target, `file:///${path}`).pathname.slice(1),
        ),
      );
    expect(beside.length).toBeGreaterThan(3);
    const missing = beside.filter((path) => !sent.some((one) => one === path || one.startsWith(path)));
    // The demo is for a checkout; the command says so where it is not.
    expect(missing).toEqual(['demo/command.ts']);
  });
});
