import { statSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, which paths of documents are relative to. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
/** Where the pages are laid out that the site is built from. It is beside VitePress, whose modules each page imports. */
export const pagesFolder = fileURLToPath(new URL('pages', import.meta.url));

/**
 * The file of the site that shows a file or a folder of the repository. A README is the page of its folder, as on GitHub; what is no
 * document gets a page with its text, and what programs read (JSON) is there as it is. The page of a hidden file or folder is not hidden,
 * because VitePress reads no hidden ones.
 */
export function sitePath(path: string): string {
  const shown = path.replace(/(^|\/)\./g, '$1');
  if (statSync(`${projectFolder}${path}`).isDirectory()) return posix.join(shown, 'index.md');
  if (path.endsWith('.json')) return path;
  if (!path.endsWith('.md')) return `${shown}.md`;
  return posix.basename(path) === 'README.md' ? posix.join(dirname(shown), 'index.md') : shown;
}

/**
 * What a link of a document leads to, as a path relative to the project root; undefined for a link that leads elsewhere: to another
 * host, or to a heading of the same document.
 */
export function linkedPath(document: string, href: string): string | undefined {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return undefined;
  const [path = ''] = href.split('#');
  return posix.join(dirname(document), decodeURI(path)).replace(/\/$/, '');
}

/** A link of a document as the site has it; links that lead elsewhere stay as they are. */
export function linkOnSite(document: string, href: string): string {
  const path = linkedPath(document, href);
  if (path === undefined) return href;
  const [, heading] = href.split('#');
  return `/${sitePath(path)}${heading === undefined ? '' : `#${heading}`}`;
}
