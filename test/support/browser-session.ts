import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { createApiApp } from '../../src/api/app.ts';
import type { ApiInstance } from '../../src/api/instance.ts';
import type { ApiOptions } from '../../src/api/ports.ts';
import { useWatchedPage } from './chromium.ts';

/** A browser with one page, and a server that it looks at. */
export interface BrowserSession {
  readonly page: Page;
  readonly browser: Browser;
  readonly url: string;
  /** What the page wrote on the console as an error, or threw. */
  readonly complaints: string[];
  /** Addresses that the page asked for. */
  readonly asked: string[];
  /** Starts another server in the place of the one that runs. */
  serve(options: ApiOptions): Promise<void>;
  /** Ends the server. */
  endServer(): Promise<void>;
  /** Opens a view by the part of its link after `#`. */
  open(hash: string): Promise<void>;
  text(selector: string): Promise<string | null>;
  /** Waits until an element has words in it. */
  waitForText(selector: string, words: string | RegExp): Promise<void>;
  /** Expects that nothing was complained of, and no other host was asked. */
  expectQuiet(): void;
}

/** A session for each test of a suite: one browser with one page, and a server of its own for each test. */
export function useBrowser(optionsOf: () => ApiOptions): BrowserSession {
  let app: ApiInstance;
  let url = '';
  const served: string[] = [];
  const serve = async (options: ApiOptions) => {
    app = await createApiApp(options);
    url = await app.listen({ host: '127.0.0.1', port: 0 });
    served.push(`${url}/`);
  };
  beforeEach(() => serve(optionsOf()));
  afterEach(() => app.close());
  // After a test the hooks of last come first: the page leaves before its server is closed.
  const watched = useWatchedPage(1440, 950);
  return {
    get page() {
      return watched().page;
    },
    get browser() {
      return watched().browser;
    },
    get url() {
      return url;
    },
    get complaints() {
      return watched().complaints;
    },
    get asked() {
      return watched().asked;
    },
    serve: async (options) => {
      // The page would ask the server that is gone, and complain.
      await watched().page.goto('about:blank');
      await app.close();
      await serve(options);
    },
    endServer: () => app.close(),
    open: async (hash) => {
      await watched().page.goto(`${url}/${hash}`);
    },
    text: (selector) => watched().page.locator(selector).textContent(),
    waitForText: (selector, words) => watched().page.locator(selector).getByText(words).first().waitFor(),
    expectQuiet: () => {
      const isOurs = (address: string) => served.some((known) => address.startsWith(known));
      expect(watched().asked.filter((address) => !isOurs(address))).toEqual([]);
      expect(watched().complaints).toEqual([]);
    },
  };
}
