import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** The Chromium on the PATH; undefined where there is none. */
export const chromiumPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** Ends the name of a suite that is skipped for want of it, so that the skip is seen and counted. */
export const whyNoChromium = chromiumPath === undefined ? ' (skipped: no chromium on PATH)' : '';

/** A machine may be slow: what is waited for comes, or the test fails with what it waited for. */
const patienceMs = 120_000;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: patienceMs,
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** What it wrote on the console as an error, or threw. */
  readonly complaints: string[];
  /** Addresses it asked for. */
  readonly asked: string[];
}

export async function openWatchedPage(browser: Browser, width: number, height: number): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  return { page, complaints, asked };
}

/**
 * One browser with one page for all tests of a suite, each of which finds it empty, of one size and with nothing said or asked: to open a
 * page costs as much CPU as to use it. Tests have servers, and so origins, of their own, which share no storage. What cannot be taken
 * back, as a false clock, belongs into a page that the test opens itself.
 */
export function useWatchedPage(
  width: number,
  height: number,
): () => WatchedPage & { readonly browser: Browser } {
  let browser: Browser;
  let watched: WatchedPage;
  beforeAll(async () => {
    browser = await launchChromium();
    watched = await openWatchedPage(browser, width, height);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    const { page, complaints, asked } = watched;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    complaints.length = 0;
    asked.length = 0;
  });
  afterEach(async () => {
    await watched.page.unrouteAll({ behavior: 'ignoreErrors' });
    await watched.page.goto('about:blank');
  });
  return () => ({ ...watched, browser });
}
