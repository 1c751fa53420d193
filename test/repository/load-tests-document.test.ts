import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scripts } from '../../loadtests/lib/scripts.ts';
import { type LoadSetting, settings } from '../../loadtests/lib/settings.ts';
import { defaultsOf, readers } from '../../tools/load-listing.ts';
import { documents, fences, readDocument, section, tableRows } from './markdown.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

const document = readDocument('docs/load-tests.md');
const table = Object.values(settings) as readonly LoadSetting<unknown>[];
/** Read by the launcher, not by the scripts. */
const launcher = ['`LOAD_PROMETHEUS`', '`LOAD_ARGS`'];

describe('docs/load-tests.md', () => {
  it('lists every script with what it is for, and each is a file, and no other is', () => {
    expect(tableRows(section(document, 'Scripts'))).toEqual(
      Object.entries(scripts).map(([name, about]) => [`\`${name}\``, about]),
    );
    const files = trackedFiles('loadtests').filter((path) => /^loadtests\/[^/]+\.ts$/.test(path));
    expect(files.length).toBeGreaterThan(6);
    expect(files).toEqual(
      Object.keys(scripts)
        .map((name) => `loadtests/${name}.ts`)
        .sort(),
    );
  });

  it('lists every variable with who reads it, its default and its meaning, and no other', () => {
    const rows = tableRows(section(document, 'Variables'));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.slice(0, table.length)).toEqual(
      table.map((setting) => [`\`${setting.name}\``, readers(setting), defaultsOf(setting), setting.meaning]),
    );
    expect(rows.slice(table.length).map(([name]) => name)).toEqual(launcher);
  });

  it('shows no variable and no script that does not exist, wherever make load is shown', () => {
    const known = [...table.map(({ name }) => name), 'LOAD_PROMETHEUS', 'LOAD_ARGS'];
    const shown = [...fences.map(({ text }) => text), ...documents.map(({ text }) => text)]
      .flatMap((text) => text.split('\n'))
      .filter((line) => /\bmake load SCRIPT=/.test(line));
    expect(shown.length).toBeGreaterThan(4);
    for (const line of shown) {
      const [, name = ''] = /SCRIPT=(\w+)/.exec(line) ?? [];
      expect(Object.keys(scripts), line).toContain(name);
      for (const [variable] of line.matchAll(/\bLOAD_\w+(?==)/g)) expect(known, line).toContain(variable);
    }
  });
});

describe('the k6 scripts', () => {
  const sources = trackedFiles('loadtests').filter((path) => path.endsWith('.ts'));
  const textOf = (path: string) => readFileSync(resolve(projectRoot, path), 'utf8');

  it('import nothing but k6, each other, the load shapes and the settings, and nothing from afar', () => {
    const imports = sources.flatMap((path) =>
      [...textOf(path).matchAll(/^(?:import|export)\b[^'";]*\bfrom '([^']+)'/gm)].map(
        ([, from = '']) => [path, from] as const,
      ),
    );
    expect(imports.length).toBeGreaterThan(40);
    const allowed =
      /^(?:k6(?:\/[\w/]+)?|\.\/(?:lib\/)?[\w-]+\.ts|\.\.\/\.\.\/src\/(?:load-shapes\/index|platform\/settings|platform\/setting-values)\.ts)$/;
    expect(imports.filter(([, from]) => !allowed.test(from))).toEqual([]);
  });

  it('know k6 only where it is said: what is tested without it imports nothing of it', () => {
    const needK6 = sources.filter((path) => /from 'k6/.test(textOf(path)));
    expect(needK6.filter((path) => path.startsWith('loadtests/lib/'))).toEqual([
      'loadtests/lib/telemetry-app.ts',
    ]);
  });

  it('use no regular expression that k6’s engine reads differently', () => {
    // Without an error: \p{Cc} is to it the letters p, {, C, c and }.
    expect(sources.filter((path) => /\/[^/\n]*\\[pP]\{[^/\n]*\//.test(textOf(path)))).toEqual([]);
  });
});

it('make load is what runs them, with the arguments it is given', () => {
  const printed = execFileSync('make', ['-n', 'load', 'SCRIPT=soak', 'LOAD_ARGS=--verbose'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  expect(printed).toContain('node tools/load.ts soak --verbose');
});
