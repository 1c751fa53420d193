import { execFileSync } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import { projectRoot } from './places.ts';
import { setVersion } from './version/set-version.ts';

/** The command line of `npm run release`; throws for help and usage errors. */
export function createCommandLine(): Command {
  const program = new Command('npm run release')
    .description('Makes a release of Forescale, step by step (docs/releasing.md).')
    .addHelpText('after', '\nExit codes: 0 done, 1 not, 2 wrong command line.')
    .exitOverride();
  program
    .command('version <version>')
    .description(
      'write the version into every file that says it, and date what is unreleased in CHANGELOG.md',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  npm run release version 0.2.0\n  npm run release version 1.0.0-rc.1',
    )
    .action((version: string) => {
      const date = new Date().toISOString().slice(0, 10);
      const changed = setVersion(projectRoot, trackedFiles(), { version: parseVersion(version), date });
      console.log(
        `${changed.join('\n')}\n\nNext: make docs, make test, commit, git tag v${version}, git push --tags`,
      );
    });
  return program;
}

function parseVersion(text: string): string {
  if (/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a version such as 0.2.0 or 1.0.0-rc.1.');
}

function trackedFiles(): readonly string[] {
  return execFileSync('git', ['ls-files'], { cwd: projectRoot, encoding: 'utf8' }).trim().split('\n');
}
