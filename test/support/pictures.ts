import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from '../repository/project-files.ts';

/** A picture of a whole page takes as much CPU as to test it, so that they are taken for people who ask for them. */
const areWanted = process.env['FORESCALE_PICTURES'] === '1';

/** Leaves pictures of whole pages in a folder of `.cache`, for people who change the pages to look at, where FORESCALE_PICTURES=1 asks for them. */
export function picturesIn(folder: string): (page: Page, name: string) => Promise<void> {
  const path = join(projectRoot, '.cache', folder);
  return async (page, name) => {
    if (!areWanted) return;
    mkdirSync(path, { recursive: true });
    await page.screenshot({ path: join(path, `${name}.png`), fullPage: true });
  };
}
