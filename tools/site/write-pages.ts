import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { decisionsFolder, navigation } from './navigation.ts';
import { linkedPath, pagesFolder, projectFolder, sitePath } from './site-path.ts';

/** Documents that the site shows, relative to the project root. */
export const siteDocuments: readonly string[] = [
  ...navigation.flatMap(({ pages }) => pages.map(([path]) => path)).filter((path) => !isFolder(path)),
  ...filesIn(decisionsFolder).filter((path) => path.endsWith('.md')),
];

/**
 * Lays out in {@link pagesFolder} what the site is built from: the documents as they are, the pictures they show, and a page for each file and
 * folder of the repository that a document links to. Throws an Error that names a document that is linked to and not on the site.
 */
export function writePages(): void {
  rmSync(pagesFolder, { recursive: true, force: true });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(pagesFolder, path)), { recursive: true });
    writeFileSync(join(pagesFolder, path), text);
  };
  const copy = (from: string, to: string) => cpSync(`${projectFolder}${from}`, join(pagesFolder, to));
  for (const path of siteDocuments) write(sitePath(path), read(path));
  for (const path of linkedFiles()) {
    if (/\.(?:svg|png)$/.test(path)) copy(path, path);
    else if (path.endsWith('.json')) copy(path, `public/${path}`);
    else write(sitePath(path), isFolder(path) ? folderPage(path) : filePage(path));
  }
  copy('src/api/page/icon.svg', 'public/icon.svg');
}

/** What the documents link to and show besides one another. Files of a folder that is linked to are among them. */
function linkedFiles(): ReadonlySet<string> {
  const files = new Set<string>();
  for (const document of siteDocuments) {
    for (const [, href = ''] of read(document).matchAll(/\]\(([^)\s]+)/g)) {
      const path = linkedPath(document, href);
      if (path === undefined || siteDocuments.includes(path)) continue;
      if (path.endsWith('.md'))
        throw new Error(`${document} links to ${path}, which tools/site/navigation.ts does not have`);
      files.add(path);
      if (isFolder(path)) for (const file of filesIn(path)) if (!file.endsWith('.md')) files.add(file);
    }
  }
  return files;
}

function folderPage(path: string): string {
  const links = filesIn(path).map((file) => `- [${nameOf(file)}](/${sitePath(file)})`);
  const [, label = `Files of ${path}`] =
    navigation.flatMap(({ pages }) => pages).find(([page]) => page === path) ?? [];
  return `# ${label}\n\n${links.join('\n')}\n`;
}

/** The title of a document; of another file its name. */
function nameOf(file: string): string {
  return file.endsWith('.md') ? (/^# (.+)$/m.exec(read(file))?.[1] ?? file) : posix.basename(file);
}

function filePage(path: string): string {
  const language = extname(path).slice(1) || 'txt';
  // Licences have every word there is.
  const front = language === 'txt' ? '---\nsearch: false\n---\n\n' : '';
  return `${front}# ${posix.basename(path)}\n\n\`${path}\` of the repository:\n\n\`\`\`\`${language}\n${read(path).trimEnd()}\n\`\`\`\`\n`;
}

function filesIn(folder: string): string[] {
  return readdirSync(`${projectFolder}${folder}`)
    .map((name) => `${folder}/${name}`)
    .filter((path) => !isFolder(path));
}

function isFolder(path: string): boolean {
  return statSync(`${projectFolder}${path}`).isDirectory();
}

function read(path: string): string {
  return readFileSync(`${projectFolder}${path}`, 'utf8');
}
