import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clusterFlags } from '../../src/cli/kubectl/plugin-arguments.ts';
import { runCli } from '../../src/cli/run.ts';
import { options as stackOptions } from '../../tools/stack/command-line.ts';
import { documents, fences } from './markdown.ts';
import { projectRoot } from './project-files.ts';

interface Invocation {
  readonly line: string;
  readonly command: string;
  readonly flags: readonly string[];
}

/** What `kubectl forescale` takes beside the flags of the command. */
const pluginFlags = ['--release', ...clusterFlags];
const flagPattern = /(?<![\w-])--[a-z][a-z-]*/g;

/**
 * Each `forescale … COMMAND …` of a shell line; what follows a pipe is another program's, `-n forescale` kubectl's, and a
 * path or an address helm's.
 */
function invocations(text: string): Invocation[] {
  return text.split(/\n|\|/).flatMap((line) => {
    const match = /(?<!-n )\bforescale (?:-- )?([a-z][a-z-]*)(?![\w/:])(.*)/.exec(line);
    if (match === null) return [];
    const flags = match[2]?.match(flagPattern) ?? [];
    const isPlugin = line.slice(0, match.index).endsWith('kubectl ');
    const own = isPlugin ? flags.filter((flag) => !pluginFlags.includes(flag)) : flags;
    return [{ line: line.trim(), command: match[1] ?? '', flags: own }];
  });
}

async function help(args: readonly string[]): Promise<string> {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const exitCode = await runCli([...args, '--help'], { stdout: write, stderr: write, isTty: false, env: {} });
  expect({ args, exitCode }).toEqual({ args, exitCode: 0 });
  return text;
}

const names = [...(await help([])).matchAll(/^ {2}([a-z][a-z-]*)(?: \[options\])? {2,}/gm)].map(
  ([, name = '']) => name,
);
const flagsOf = new Map<string, ReadonlySet<string>>();
for (const name of names) flagsOf.set(name, new Set((await help([name])).match(flagPattern) ?? []));

const shell = fences.filter(({ language }) => language === 'sh').map(({ text }) => text);
const inline = documents.flatMap(({ text }) =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
);

describe('the commands in the documents', () => {
  it('exist, with every flag they are shown with', () => {
    const shown = [...shell, ...inline].flatMap(invocations);
    expect(names.length).toBeGreaterThan(5);
    expect(shown.length).toBeGreaterThan(6);
    const unknown = shown.filter(
      ({ command, flags }) => !flags.every((flag) => flagsOf.get(command)?.has(flag) ?? false),
    );
    expect(unknown).toEqual([]);
    expect(shown.filter(({ command }) => !names.includes(command))).toEqual([]);
  });

  it('would catch a flag and a command that do not exist', () => {
    const [wrong] = invocations('npm exec forescale -- forecast --csv a.csv --ahead 2h | jq --compact');
    expect(wrong).toMatchObject({ command: 'forecast', flags: ['--csv', '--ahead'] });
    expect(flagsOf.get('forecast')?.has('--csv')).toBe(true);
    expect(flagsOf.get('forecast')?.has('--ahead')).toBe(false);
    expect(names).not.toContain('predict');
  });

  it('take the flags that are named by themselves', () => {
    const ofStack = stackOptions.flatMap(([flags]) => flags.match(flagPattern) ?? []);
    const ofCommands = [...flagsOf.values()].flatMap((flags) => [...flags]);
    const known = new Set([...ofCommands, ...ofStack, ...pluginFlags]);
    const named = inline
      .filter((code) => code.startsWith('--'))
      .flatMap((code) => code.match(flagPattern) ?? []);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });

  it('are given to make as verbs it has, with flags of the demo', () => {
    const makefile = readFileSync(resolve(projectRoot, 'Makefile'), 'utf8');
    const verbs = [...makefile.matchAll(/^([a-z-]+):.*##/gm)].map(([, verb]) => verb);
    const shown = [...fences.map(({ text }) => text), ...inline].flatMap((text) => [
      ...text.matchAll(/^make ([a-z-]+)(?: DEMO_ARGS="([^"]*)")?/gm),
    ]);
    expect(shown.length).toBeGreaterThan(4);
    for (const [line, verb, demoFlags = ''] of shown) {
      expect(verbs, line).toContain(verb);
      for (const flag of demoFlags.match(flagPattern) ?? []) expect(flagsOf.get('demo')).toContain(flag);
    }
  });

  it('start no script with the node of the machine, which may be too old for TypeScript', () => {
    const startsNode = /^(?:[A-Z_]+=\S+ )*node \S+\.ts/m;
    const withNode = documents.filter(({ path }) =>
      fences.some((fence) => fence.path === path && fence.language === 'sh' && startsNode.test(fence.text)),
    );
    expect(withNode.map(({ path }) => path)).toContain('docs/telemetry-app.md');
    for (const { path, text } of withNode) {
      const [first] = startsNode.exec(text) ?? [];
      const before = text.slice(0, text.indexOf(first ?? ''));
      expect({ path, usesOwn: before.includes('export PATH="$PWD/node_modules/.bin:$PATH"') }).toEqual({
        path,
        usesOwn: true,
      });
    }
  });
});
