import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../repository/project-files.ts';
import { chromiumPath, useWatchedPage } from '../../support/chromium.ts';
import { isLongForm, whyNoLongForm } from '../../support/long-form.ts';
import { expectNoBarriers, sizes } from '../../support/looks.ts';
import { picturesIn } from '../../support/pictures.ts';
import { skippedNote } from '../real-programs.ts';

const run = promisify(execFile);
const takePicture = picturesIn('pictures-of-the-docs-site');
/** As GitHub Pages serves the documents of a project. */
const base = '/forescale/';
const buildTimeoutMs = 600_000;

const why = !existsSync(join(projectRoot, 'tools/site/node_modules'))
  ? 'what builds the site is not installed; run make docs-site'
  : chromiumPath === undefined
    ? 'no chromium on PATH'
    : undefined;

const pages = {
  start: '',
  tutorial: 'docs/tutorial.html',
  configuration: 'docs/configuration.html',
  runbooks: 'docs/runbooks.html',
  api: 'docs/api.html',
  decisions: 'docs/adr/',
  manifest: 'k8s/examples/gitops/argo-cd/forescale.yaml.html',
};

describe.skipIf(why !== undefined)(`the site of the documents, in Chromium${skippedNote(why)}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-docs-site-'));
  const server = fastify();
  let url: string;
  beforeAll(async () => {
    await buildSite(join(folder, 'site'));
    server.register(fastifyStatic, { root: join(folder, 'site'), prefix: base });
    url = `${await server.listen({ host: '127.0.0.1', port: 0 })}${base}`;
  }, buildTimeoutMs);
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const watched = useWatchedPage(sizes.desktop.width, sizes.desktop.height);
  afterEach(() => {
    const { complaints, asked } = watched();
    expect(complaints).toEqual([]);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((address) => !address.startsWith(url))).toEqual([]);
  });

  it('finds a metric by its name and leads to its row', async () => {
    const { page } = watched();
    await page.goto(url);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('#localsearch-input').fill('forescale_record_degraded');
    await page.locator('.result').first().waitFor();
    await takePicture(page, 'search');
    const first = page.locator('.result').first();
    expect(await first.textContent()).toContain('Metrics');
    await first.click();
    await page.waitForURL(`${url}docs/metrics.html*`);
    // The address changes before the page does.
    await expect.poll(() => page.locator('main').textContent()).toContain('forescale_record_degraded');
  });

  it('leads from page to page by the links that the documents have on GitHub', async () => {
    const { page } = watched();
    await page.goto(`${url}docs/gitops.html`);
    await page.locator('main').getByRole('link', { name: 'Application', exact: true }).first().click();
    await page.waitForURL(`${url}${pages.manifest}`);
    await expect.poll(() => page.locator('main pre').first().textContent()).toContain('kind: Application');
    await page.getByRole('link', { name: 'In a cluster' }).first().click();
    await page.waitForURL(`${url}docs/kubernetes.html`);
  });

  it.each(Object.entries(pages))(
    'keeps nobody out of its page %s and is no wider than the screen, in light and dark, on a desktop and a phone',
    async (name, path) => {
      const { page } = watched();
      await page.goto(`${url}${path}`);
      await page.locator('main h1').waitFor();
      await expectNoBarriers(page, (look) => takePicture(page, `${name}-${look}`));
    },
  );
});

it.skipIf(why !== undefined || !isLongForm)(
  `the site of the documents is the same in each build${skippedNote(why ?? whyNoLongForm)}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forescale-docs-site-'));
    for (const name of ['first', 'second']) await buildSite(join(folder, name));
    const { stdout } = await run('diff', ['--recursive', '--brief', 'first', 'second'], { cwd: folder });
    expect(stdout).toBe('');
    rmSync(folder, { recursive: true });
  },
  buildTimeoutMs,
);

async function buildSite(folder: string): Promise<void> {
  await run(process.execPath, ['tools/site/build-site.ts', '--base', base, '--out', folder], {
    cwd: projectRoot,
  });
}
