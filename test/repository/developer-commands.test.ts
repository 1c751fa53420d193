import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectRoot, trackedFiles } from './project-files.ts';

const run = promisify(execFile);
const textOf = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const tracked = trackedFiles('.');

/** Every program of the workshop that a document, the Makefile, package.json or a workflow starts, and where the first of them does. */
const commands = new Map<string, string>();
for (const path of tracked.filter((one) => /(?:\.md|^Makefile|^package\.json|\.ya?ml)$/.test(one)))
  for (const [, program = ''] of textOf(path).matchAll(/\bnode ((?:tools|bench|demo)\/[\w/-]+\.ts)\b/g))
    if (!commands.has(program)) commands.set(program, path);

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function answer(program: string, ...args: readonly string[]): Promise<Answer> {
  return run(process.execPath, [program, ...args], { cwd: projectRoot }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, stdout, stderr }),
  );
}

/** What each says to --help, a few at a time: each is a process that loads much of the project. */
async function helps(): Promise<ReadonlyMap<string, Answer>> {
  const waiting = [...commands.keys()];
  const answers = new Map<string, Answer>();
  const askOn = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      answers.set(next, await answer(next, '--help'));
  };
  await Promise.all([askOn(), askOn(), askOn()]);
  return answers;
}

describe('every command for developers that a document, the Makefile or package.json names', () => {
  it('is found here', () => {
    expect(commands.size).toBeGreaterThan(20);
    expect([...commands].filter(([program]) => !tracked.includes(program))).toEqual([]);
    for (const one of ['bench/main.ts', 'bench/cold-start.ts', 'tools/build.ts', 'demo/measure.ts'])
      expect([...commands.keys()]).toContain(one);
  });

  it('answers --help with its usage and an example, and does nothing else', async () => {
    const status = async () => (await run('git', ['status', '--porcelain'], { cwd: projectRoot })).stdout;
    const before = await status();
    for (const [program, { exitCode, stdout, stderr }] of await helps()) {
      expect({ program, exitCode, stderr }).toEqual({ program, exitCode: 0, stderr: '' });
      expect(stdout, program).toMatch(/^Usage: /);
      expect(stdout, program).toMatch(/^Examples:\n {2}\S/m);
    }
    expect(await status()).toBe(before);
  });
});

it('no program of the workshop reads the command line in a way of its own', () => {
  const programs = tracked.filter((path) => /^(?:tools|bench|demo)\/.*\.ts$/.test(path));
  expect(programs.length).toBeGreaterThan(200);
  expect(programs.filter((path) => /\bparseArgs\b/.test(textOf(path)))).toEqual([]);
});

it.each([
  ['tools/documents/write-documents.ts', ['--chek'], "unknown option '--chek'"],
  ['tools/build.ts', ['src'], 'too many arguments'],
  ['tools/prometheus.ts', ['web'], 'port: "web" must be a whole number from 1 to 65535'],
  ['bench/api/bench-api.ts', ['--rounds', 'many'], '--rounds: "many" must be a whole number of at least 1'],
  ['bench/document.ts', [], '--report: give this or another flag a folder'],
  ['bench/cold-start.ts', [], 'folder: needed'],
  ['tools/images.ts', ['forscale'], 'there is no "forscale"; did you mean forescale?'],
  ['tools/setup.ts', ['helm', 'promtheus'], 'there is no "promtheus"; did you mean prometheus?'],
] as const)('%s names what is wrong with %j', async (program, args, message) => {
  const { exitCode, stdout, stderr } = await answer(program, ...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ +at /m);
});
