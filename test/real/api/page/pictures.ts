import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from '../../../repository/project-files.ts';

/** Where the pictures of every view are left, for people who change the page to look at. */
const pictures = join(projectRoot, '.cache/pictures-of-the-page');

/** Leaves a picture of the whole page under a name. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
