import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findProgram } from '../../tools/programs/find-program.ts';
import { skippedNote, whyMissing } from '../real/real-programs.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const files = trackedFiles('.github/workflows');
const workflow = parse(readFileSync(`${projectRoot}/.github/workflows/ci.yml`, 'utf8')) as Workflow;

const noActionlint = await whyMissing('actionlint');

describe('the workflows', () => {
  it.skipIf(noActionlint !== undefined)(
    `are such that actionlint has nothing against them${skippedNote(noActionlint)}`,
    async () => {
      expect(files).toEqual(['.github/workflows/ci.yml']);
      const { path } = await findProgram('actionlint', process.env);
      // What its own helpers say would depend on which of them this machine has.
      const lint = (file: string, input?: string) =>
        execFileSync(path, ['-no-color', '-shellcheck', '', '-pyflakes', '', file], {
          cwd: projectRoot,
          encoding: 'utf8',
          ...(input === undefined ? {} : { input }),
        });
      for (const file of files) expect(lint(file)).toBe('');
      expect(() => lint('-', 'on: pusch\njobs: {}\n')).toThrow();
    },
  );

  it('run the commands of the README and build the site, with no right to write', () => {
    const commands = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    expect(commands).toEqual([
      'make supply-chain SUPPLY_CHAIN_ARGS=--required',
      'make docs-site',
      'make test',
      'make demo DEMO_ARGS="--for 90s --json"',
    ]);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });
});
