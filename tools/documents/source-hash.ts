import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const localImport = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/**
 * Every module of the project that a module needs, itself among them, relative to the project root: what decides about its results,
 * besides data and packages.
 */
export function modulesOf(entry: string): readonly string[] {
  const found = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const folder = dirname(join(projectRoot, path));
    for (const [, target = ''] of codeOf(path).matchAll(localImport))
      waiting.push(relative(projectRoot, join(folder, target)));
  }
  return [...found].sort();
}

/** A hash of the code of a module and all it needs, of the files of `dataFolder`, and of `content`, which was made from them. */
export function hashOfMade(entry: string, dataFolder: string | undefined, content: string): string {
  const hash = createHash('sha256');
  for (const path of modulesOf(entry)) hash.update(`${path}\n${codeOf(path)}\n`);
  if (dataFolder !== undefined)
    for (const path of filesIn(dataFolder)) hash.update(path).update(readFileSync(join(projectRoot, path)));
  return hash.update(content).digest('hex').slice(0, 16);
}

/** The lines of a file that are no comment, so that a better comment changes no hash. Reads code as Biome formats it. */
function codeOf(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/\*|\*|$)/.test(line))
    .join('\n');
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(projectRoot, path)).isFile())
    .sort();
}
