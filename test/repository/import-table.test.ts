import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, trackedFiles } from './project-files.ts';

/**
 * Who may import whom (design.md §2, ARCHITECTURE.md). A folder is named by its path under src/; the longest match
 * counts. `packages: false` = neither npm packages nor node: modules.
 */
const importTable: Readonly<Record<string, { mayImport: readonly string[]; packages: boolean }>> = {
  platform: { mayImport: [], packages: true },
  protocol: { mayImport: [], packages: true },
  'forecast/core': { mayImport: [], packages: false },
  forecast: { mayImport: ['forecast/core/index.ts', 'platform', 'page'], packages: true },
  page: { mayImport: [], packages: true },
  scaler: { mayImport: ['forecast/index.ts', 'protocol', 'platform'], packages: true },
  'what-if/simulator': { mayImport: ['forecast/core/index.ts'], packages: false },
  'load/shapes': { mayImport: [], packages: false },
  load: { mayImport: ['load/shapes/index.ts', 'platform'], packages: true },
  'telemetry-app': { mayImport: ['load', 'platform'], packages: true },
  'keda-sim': { mayImport: ['protocol', 'what-if/simulator', 'platform'], packages: true },
  server: { mayImport: ['forecast', 'scaler', 'platform'], packages: true },
  bench: { mayImport: ['forecast/core/index.ts', 'forecast/history', 'load', 'platform'], packages: true },
  programs: { mayImport: ['platform'], packages: true },
  demo: { mayImport: [''], packages: true },
  cli: { mayImport: [''], packages: true },
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function folderOf(path: string): string {
  const folders = Object.keys(importTable).filter((folder) => path.startsWith(`${folder}/`));
  return folders.sort((a, b) => b.length - a.length)[0] ?? '(no row in the import table)';
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`: each on lines of its own in the house format. */
const importPattern =
  /^(?:import|export)\b[^'"`;=()]*\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string, text: string): Import[] {
  const targets = [...text.matchAll(importPattern)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '',
  );
  return targets.map((target) => ({ file, target }));
}

/** The import as a sentence when the table forbids it, else undefined. Paths are relative to src/. */
function violation({ file, target }: Import): string | undefined {
  const from = folderOf(file);
  const row = importTable[from];
  if (row === undefined) return `${file}: ${from}`;
  if (!target.startsWith('.'))
    return row.packages ? undefined : `${file} imports ${target}, but ${from} imports no packages`;
  const path = relative('/src', resolve(dirname(`/src/${file}`), target));
  const allowed =
    folderOf(path) === from ||
    row.mayImport.some((may) => may === '' || path === may || path.startsWith(`${may}/`));
  return allowed ? undefined : `${file} imports ${path}, which ${from} may not`;
}

const sources = trackedFiles('src').filter((file) => file.endsWith('.ts'));

describe('the import table', () => {
  it('holds for every source file', () => {
    const imports = sources.flatMap((file) =>
      importsOf(relative('src', file), readFileSync(resolve(projectRoot, file), 'utf8')),
    );
    expect(sources.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(200);
    expect(imports.map(violation).filter((sentence) => sentence !== undefined)).toEqual([]);
  });

  it.each([
    ['forecast/core/grid.ts', "import { x } from 'node:fs';"],
    ['forecast/core/experts/naive.ts', "import type { x } from '../../../platform/clock.ts';"],
    ['scaler/policy.ts', "import { x } from '../forecast/core/grid.ts';"],
    ['telemetry-app/app.ts', "export { x } from '../forecast/index.ts';"],
    ['platform/log.ts', "const x = await import('../scaler/index.ts');"],
    ['somewhere/new.ts', "import { x } from './y.ts';"],
  ])('would catch %s saying %s', (file, text) => {
    expect(importsOf(file, text).map(violation)).toEqual([expect.any(String)]);
  });

  it('keeps chance out of what is pure', () => {
    const pure = sources.filter((file) =>
      /^src\/(forecast\/core|what-if\/simulator|load\/shapes)\//.test(file),
    );
    expect(pure.length).toBeGreaterThan(15);
    expect(
      pure.filter((file) => /Math\.random|crypto\./.test(readFileSync(resolve(projectRoot, file), 'utf8'))),
    ).toEqual([]);
  });
});
