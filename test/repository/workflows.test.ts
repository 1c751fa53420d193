import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findProgram } from '../../tools/programs/find-program.ts';
import { steps } from '../../tools/release/steps/index.ts';
import { skippedNote, whyMissing } from '../real/real-programs.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = trackedFiles('.github/workflows');
const textOf = (file: string) => readFileSync(`${projectRoot}/${file}`, 'utf8');
const workflows = files.map((file) => ({ file, workflow: parse(textOf(file)) as Workflow }));
const workflowOf = (name: string) => parse(textOf(`.github/workflows/${name}.yml`)) as Workflow;
const commandsOf = ({ jobs }: Pick<Workflow, 'jobs'>) =>
  Object.values(jobs).flatMap(({ steps: all }) => all.flatMap(({ run }) => run ?? []));

const noActionlint = await whyMissing('actionlint');

describe('the workflows', () => {
  it.skipIf(noActionlint !== undefined)(
    `are such that actionlint has nothing against them${skippedNote(noActionlint)}`,
    async () => {
      expect(files).toEqual(['.github/workflows/ci.yml', '.github/workflows/release.yml']);
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

  it('run the commands of the README on every change, and build the site, with no right to write', () => {
    const workflow = workflowOf('ci');
    expect(commandsOf(workflow)).toEqual([
      'make supply-chain SUPPLY_CHAIN_ARGS=--required',
      'make docs-site',
      'make test',
      'make test-more',
      'make demo DEMO_ARGS="--for 90s --json"',
    ]);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('name every action by its commit, with the version beside it', () => {
    const uses = files.flatMap((file) => textOf(file).match(/^ *(?:- )?uses: .*$/gm) ?? []);
    expect(uses.length).toBeGreaterThan(10);
    const pinned = /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses.filter((line) => !pinned.test(line))).toEqual([]);
    const versions = new Map<string, Set<string>>();
    for (const [, action = '', commit = ''] of uses.join('\n').matchAll(/uses: (\S+)@(.+)/g))
      versions.set(action, (versions.get(action) ?? new Set()).add(commit));
    expect([...versions].filter(([, commits]) => commits.size > 1)).toEqual([]);
  });

  it('bound every job, and may only read where a job does not say more', () => {
    expect(workflows.length).toBe(files.length);
    for (const { file, workflow } of workflows) {
      expect([file, workflow.permissions]).toEqual([file, { contents: 'read' }]);
      expect([file, workflow.concurrency]).toEqual([file, expect.anything()]);
      for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
    }
  });
});

describe('the workflow of a release', () => {
  const release = workflowOf('release');
  const commands = commandsOf(release);

  it('starts at tags of a version alone', () => {
    expect(release.on).toEqual({ push: { tags: ['v*'] } });
  });

  it('lets each job write what it publishes, and nothing else', () => {
    const permissions = Object.entries(release.jobs).map(([name, job]) => [name, job.permissions]);
    expect(Object.fromEntries(permissions)).toEqual({
      build: { contents: 'read' },
      push: { contents: 'read', packages: 'write', 'id-token': 'write', attestations: 'write' },
      npm: { contents: 'read', 'id-token': 'write' },
      notes: { contents: 'write' },
      site: { contents: 'read', pages: 'write', 'id-token': 'write' },
    });
  });

  it('needs no secret, and runs nothing that an input could change', () => {
    const text = textOf('.github/workflows/release.yml');
    expect(text).not.toContain('secrets.');
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
  });

  it('does every step of a release once, by the scripts that the dry run runs too', () => {
    const script =
      /^(?:sudo env "PATH=\$PATH" )?npm run release ([a-z-]+)(?: -- --tag "\$GITHUB_REF_NAME")?$/;
    expect(commands.filter((command) => command !== 'npm ci' && !script.test(command))).toEqual([
      'make docs-site SITE_ARGS="--base /forescale/ --out dist/docs-site"',
    ]);
    const named = commands.flatMap((command) => script.exec(command)?.[1] ?? []);
    expect(named).toEqual(Object.keys(steps));
    const tried = ['dry-run', 'own-key'].map((name) => textOf(`tools/release/dry-run/${name}.ts`)).join('\n');
    const names = Object.keys(steps).filter(
      (name) => !tried.includes(`'${name}'`) && !tried.includes(`steps.${name}.`),
    );
    // The signatures of a dry run are verified with the public half of its key.
    expect(names).toEqual(['verify-signatures']);
    expect(tried).toContain('verifySignatures(');
  });

  it('publishes in the steps that are told the tag', () => {
    const told = commands.filter((command) => command.includes('--tag'));
    expect(told.map((command) => command.split(' ')[3])).toEqual([
      'check',
      'publish-package',
      'publish-notes',
    ]);
  });
});
