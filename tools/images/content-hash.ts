import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What an image is made of: a text, or the content of a file. */
type Content = string | { readonly file: string };

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const hashCharacters = 16;

/** A name for content: the same for the same content, another for any other. */
export function contentHash(contents: readonly Content[]): string {
  const hash = createHash('sha256');
  for (const content of contents) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : readFileSync(content.file);
    hash.update(`${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, hashCharacters);
}

/** What the project's own image is made of: the files that its build is sent, how it is built here, and Node. */
export function projectContent(): readonly Content[] {
  const ignoreFile = readFileSync(join(projectRoot, '.dockerignore'), 'utf8');
  // Everything is left out but what a line with an exclamation mark names.
  const sent = [...ignoreFile.matchAll(/^!(.+)$/gm)].map(([, path = '']) => path);
  const named = ['Dockerfile', 'tools/images', ...sent].flatMap((path) => [path, `${path}/**`]);
  const paths = globSync(named, { cwd: projectRoot })
    .filter((path) => statSync(join(projectRoot, path)).isFile())
    .sort();
  return [...paths, process.execPath].flatMap((path) => [path, { file: resolve(projectRoot, path) }]);
}
