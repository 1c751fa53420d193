import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { matching, someText } from '../../src/platform/setting-values.ts';
import { deadLinks } from './dead-links.ts';
import { projectFolder } from './site-path.ts';
import { writePages } from './write-pages.ts';

const flags = {
  base: {
    value: 'path',
    meaning: 'path below which the site is served',
    default: '/',
    ...matching(/^\/(?:.*\/)?$/, 'a path that begins and ends with a slash, such as /forescale/'),
  },
  out: { value: 'folder', meaning: 'where it is written', default: '.cache/docs-site', ...someText },
} as const satisfies FlagTable;

async function run({ values, isGiven }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { base } = values;
  const folder = isGiven('out') ? resolve(values.out) : resolve(projectFolder, values.out);
  writePages();
  await build(base, folder, io.signal);
  const dead = deadLinks(folder, base);
  if (dead.length > 0) throw new Error(`links that lead nowhere:\n  ${dead.join('\n  ')}`);
  io.stdout(`the site is in ${folder}\n`);
}

async function build(base: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const vitepress = `${cwd}node_modules/.bin/vitepress`;
  if (!existsSync(vitepress)) throw new Error('tools/site has no packages yet; make docs-site installs them');
  const child = spawn(vitepress, ['build', '--base', base, '--outDir', folder], {
    cwd,
    stdio: 'inherit',
    ...(signal !== undefined && { signal }),
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`vitepress ended with ${code}`);
}

await runAlone(
  ownCommand({
    name: 'docs-site',
    description:
      'build the documents as a site of plain files with search, and refuse links that lead nowhere',
    flags,
    examples: ['make docs-site', 'make docs-site SITE_ARGS="--base /forescale/"'],
    act: run,
  }),
);
