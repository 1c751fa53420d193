import { readFileSync } from 'node:fs';
import { createApiApp } from '../../src/api/app.ts';
import { silentLogger } from '../../src/platform/log.ts';

/** Where the OpenAPI document is kept, so that a change of it is seen. */
export const openApiPath = 'docs/openapi.json';

/** The OpenAPI document of a server with every route, as text. */
export async function openApiText(): Promise<string> {
  const describing = () => {
    throw new Error('this server only describes itself');
  };
  const nothing = async () => describing();
  const app = await createApiApp({
    directory: { list: () => [], find: () => [] },
    adHoc: { history: nothing },
    whatIf: { play: nothing },
    ready: () => ({ ready: true, reasons: [] }),
    metrics: { all: describing, of: describing },
    modeSwitch: { mode: () => 'active', setMode: async () => undefined },
    calendars: {
      calendars: () => [],
      added: () => [],
      add: async (event) => ({ id: '', addedAt: 0, event }),
      remove: async () => false,
    },
    async *knownLines() {},
    events: async () => [],
    boundToLoopback: true,
    log: silentLogger,
    clock: () => 0,
    version: packageVersion(),
  });
  try {
    const { body } = await app.inject('/openapi.json');
    return `${JSON.stringify(JSON.parse(body), undefined, 2)}\n`;
  } finally {
    await app.close();
  }
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
