import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deadLinks } from './dead-links.ts';
import { projectFolder } from './site-path.ts';
import { writePages } from './write-pages.ts';

// `make docs-site` builds the documents as a site of plain files. `--base /forescale/` is for a site that is served below a path.

const { base, out } = parseArgs({
  options: {
    base: { type: 'string', default: '/' },
    out: { type: 'string', default: `${projectFolder}.cache/docs-site` },
  },
}).values;
const folder = resolve(out);

writePages();
execFileSync('node_modules/.bin/vitepress', ['build', '--base', base, '--outDir', folder], {
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  stdio: 'inherit',
});
const dead = deadLinks(folder, base);
if (dead.length > 0) {
  console.error(`links that lead nowhere:\n  ${dead.join('\n  ')}`);
  process.exit(1);
}
console.log(`the site is in ${folder}`);
