import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Links of the pages in `folder` that lead to no file, or to no heading of one, as `page: link`. VitePress itself sees
 * pages that are missing, but neither headings nor files that are no pages. `base` is the path that the site is served below.
 */
export function deadLinks(folder: string, base: string): readonly string[] {
  const files = new Set(globSync('**', { cwd: folder }));
  const texts = new Map(
    [...files]
      .filter((path) => path.endsWith('.html'))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
  const headings = new Map([...texts].map(([path, text]) => [path, new Set(idsOf(text))]));
  return [...texts].flatMap(([page, text]) =>
    [...new Set(linksOf(text))]
      .filter((href) => {
        const { pathname, hash, protocol, host } = new URL(href, `http://site${base}${page}`);
        if (host !== 'site' || !protocol.startsWith('http')) return false;
        if (!pathname.startsWith(base)) return true;
        const path = decodeURI(pathname.slice(base.length));
        const file = path === '' || path.endsWith('/') ? posix.join(path, 'index.html') : path;
        const heading = decodeURIComponent(hash.slice(1));
        return !files.has(file) || (heading !== '' && !headings.get(file)?.has(heading));
      })
      .map((href) => `${page}: ${href}`),
  );
}

const linksOf = (html: string) =>
  [...html.matchAll(/<a\b[^>]* href="([^"]+)"/g)].map(([, href = '']) => href);
const idsOf = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
