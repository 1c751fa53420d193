import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import type { DashboardFile } from '../../repository/dashboard-files.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { chromiumPath, openWatchedPage } from '../../support/chromium.ts';
import type { AskedRange, Marks, Sample } from './asked.ts';

/** The folder that draws dashboards with Grafana's components; it has packages of its own. */
const folder = resolve(projectRoot, 'dashboards/pictures');

/** Why dashboards cannot be drawn here; undefined where they can. */
export const whyNotDrawn = !existsSync(join(folder, 'node_modules/@grafana/ui'))
  ? 'dashboards/pictures has no packages: make dashboard-pictures'
  : chromiumPath === undefined
    ? 'no chromium on PATH'
    : undefined;

/** Where the pictures are for people to look at. */
export const pictureFolder = resolve(projectRoot, '.cache/dashboard-pictures');

/** What is drawn: a dashboard, what its queries answered, and what was chosen. */
export interface Picture {
  readonly dashboard: DashboardFile;
  readonly variables: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<number, Readonly<Record<string, readonly Sample[]>>>>;
  readonly annotations: readonly Marks[];
  readonly range: AskedRange & { readonly now: number };
}

/** Bundles the page that draws; it takes two seconds. */
export function bundleDrawing(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Draws a dashboard in a browser and writes it to `file`; gives what the page complained of, the ids of panels drawn, and what it says of annotations. */
export async function drawDashboard(
  browser: Browser,
  picture: Picture,
  { theme, file, width = 1600 }: { theme: 'light' | 'dark'; file: string; width?: number },
): Promise<{ complaints: string[]; asked: string[]; panels: number[]; canvases: number; marked: string[] }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const send = (body: string | Buffer, type: string) =>
      response.writeHead(200, { 'content-type': type }).end(body);
    if (path === '/picture.json') return send(JSON.stringify(picture), 'application/json');
    // Grafana's own server has the icons of its components there.
    const icons = /^\/public\/build\/(.*)$/.exec(path)?.[1];
    const local = join(
      folder,
      icons === undefined
        ? path === '/'
          ? 'index.html'
          : path
        : `node_modules/@grafana/ui/dist/public/${icons}`,
    );
    // Grafana's own font is not in its packages.
    if (path.startsWith('/public/fonts/')) return send('', 'font/woff2');
    if (!local.startsWith(folder) || !existsSync(local)) return response.writeHead(404).end();
    return send(readFileSync(local), types[extname(local)] ?? 'application/octet-stream');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const { page, complaints, asked } = await openWatchedPage(browser, width, 1000);
  try {
    await page.goto(`http://127.0.0.1:${port}/?theme=${theme}`);
    await page
      .locator('body[data-drawn]')
      .waitFor({ timeout: 30_000, state: 'attached' })
      .catch((cause: unknown) => {
        throw new Error(`the dashboard was not drawn: ${complaints.join('; ')}`, { cause });
      });
    const panels = (await page.evaluate(
      "[...document.querySelectorAll('[data-panel]')].map((one) => Number(one.dataset.panel))",
    )) as number[];
    const marked = await page.locator('[data-annotation]').allTextContents();
    const canvases = await page.locator('canvas').count();
    await page.screenshot({ path: file, fullPage: true });
    return { complaints, asked, panels, canvases, marked };
  } finally {
    await page.close();
    server.close();
  }
}
