import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { dryRun } from './dry-run/dry-run.ts';
import { projectRoot } from './places.ts';
import { defaults, type Release } from './release.ts';
import { type StepName, steps } from './steps/index.ts';
import { setVersion } from './version/set-version.ts';

interface StepOptions {
  readonly out: string;
  readonly registry: string;
  readonly tag?: string;
  readonly localBases?: true;
  readonly key?: string;
}

/** The command line of `npm run release`; throws for help and usage errors. `signal` is aborted by Ctrl-C. */
export function createCommandLine(signal: AbortSignal): Command {
  const program = new Command('npm run release')
    .description('Makes a release of Forescale, step by step (docs/releasing.md).')
    .addHelpText(
      'after',
      `${examples('dry-run', 'version 0.2.0')}\n\nExit codes: 0 done, 1 not, 2 wrong command line, 130 Ctrl-C.`,
    )
    .exitOverride();
  program
    .command('version <version>')
    .description(
      'write the version into every file that says it, and date what is unreleased in CHANGELOG.md',
    )
    .addHelpText('after', examples('version 0.2.0', 'version 1.0.0-rc.1'))
    .action((version: string) => {
      const date = new Date().toISOString().slice(0, 10);
      const changed = setVersion(projectRoot, trackedFiles(), { version, date });
      console.log(
        `${changed.join('\n')}\n\nNext: make docs, make test, commit, git tag v${version}, git push origin main v${version}`,
      );
    });
  for (const [name, { summary, run }] of Object.entries(steps)) {
    withOptions(program.command(name).description(summary))
      .option(
        '--tag <tag>',
        'tag of Git that is released; without it neither package nor notes are published',
      )
      .option('--registry <host>', 'registry of image and chart', defaults.registry)
      .option('--key <file>', 'private key to sign with, in place of the identity of the workflow')
      .addHelpText('after', examples(`${name} -- --tag v0.2.0`))
      .action(async (options: StepOptions) => console.log(await run(toRelease(options, signal))));
  }
  withOptions(
    program.command('dry-run').description('make a whole release on this machine, and publish nothing'),
  )
    .addHelpText(
      'after',
      `${examples('dry-run')}\n\nSteps: ${(Object.keys(steps) as StepName[]).join(', ')}.`,
    )
    .action(async (options: StepOptions) => {
      console.log(await dryRun(toRelease({ ...options, localBases: true }, signal)));
    });
  return program;
}

const withOptions = (command: Command) =>
  command
    .option('--out <folder>', 'where what is made is kept', defaults.out)
    .option('--local-bases', 'make the base images of files of this machine instead of pulling them');

const examples = (...lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  npm run release ${line}`).join('\n')}`;

function toRelease(
  { out, registry = defaults.registry, tag, localBases, key }: StepOptions,
  signal: AbortSignal,
): Release {
  return {
    version: defaults.version,
    out: resolve(projectRoot, out),
    registry,
    tag,
    localBases: localBases ?? defaults.localBases,
    key,
    env: process.env,
    signal,
  };
}

function trackedFiles(): readonly string[] {
  return execFileSync('git', ['ls-files'], { cwd: projectRoot, encoding: 'utf8' }).trim().split('\n');
}
