import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

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
