import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectRoot, trackedFiles } from '../repository/project-files.ts';
import { printJsonPath } from './jsonpath.ts';
import { recorded } from './recorded.ts';

const run = promisify(execFile);

/** Every template that ./stack gives to kubectl. */
const templates = trackedFiles('k8s/stack').flatMap((path) =>
  [...readFileSync(resolve(projectRoot, path), 'utf8').matchAll(/-o jsonpath='([^']*)'/g)].map(
    ([, template = '']) => template,
  ),
);

const items = ['cluster.yaml', 'keda.yaml', 'overlay.yaml'].flatMap(recorded).map((one) => ({
  ...one,
  // Of one kind, so that one answer of the API can list them.
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { ...one.metadata, annotations: { 'forescale/image-id': 'sha-1', ...one.metadata.annotations } },
}));
const noKubectl = spawnSync('kubectl', ['version', '--client']).error?.message;

describe('the jsonpath of the kubectl double', () => {
  it('prints fields, lists and what a condition picks, and loops', () => {
    const value = {
      items: [
        {
          a: 'x',
          l: [
            { t: 'R', s: 'True' },
            { t: 'D', s: 'False' },
          ],
          'a.b/c': 'd',
        },
        { a: 'y' },
      ],
    };
    expect(printJsonPath('{.items[*].a}', value)).toBe('x y');
    expect(printJsonPath('{range .items[*]}{.a}{"\\t"}{.l[?(@.t=="D")].s}{"\\n"}{end}', value)).toBe(
      'x\tFalse\ny\t\n',
    );
    expect(printJsonPath('{.items[0].a\\.b/c}-{.none}', value)).toBe('d-');
    expect(() => printJsonPath('{.items[-1:].a}', value)).toThrow('not understood');
  });

  it.skipIf(noKubectl !== undefined)(
    `prints what the real kubectl does, for every template of ./stack${noKubectl === undefined ? '' : ` (skipped: ${noKubectl})`}`,
    { timeout: 120_000 },
    async () => {
      expect(templates.length).toBeGreaterThan(15);
      const server = await serveThings(items);
      let printed = 0;
      try {
        for (const template of new Set(templates)) {
          const isOfList = template.includes('.items');
          const named = items.findIndex((one) => !isOfList && printJsonPath(template, one).length > 1);
          if (!isOfList && named === -1) continue;
          const { stdout } = await run('kubectl', [
            ...[`--server=http://127.0.0.1:${server.port}`, `--cache-dir=${server.cache}`, 'get', 'things'],
            ...(isOfList ? ['-A'] : ['-n', 'x', `thing-${named}`]),
            ...['-o', `jsonpath=${template}`],
          ]);
          const expected = printJsonPath(template, isOfList ? { items } : items[named]);
          expect({ template, stdout }).toEqual({ template, stdout: expected });
          printed += stdout.length;
        }
      } finally {
        await server.close();
      }
      expect(printed).toBeGreaterThan(500);
    },
  );
});

/** As much of an API server as `kubectl get things` asks for: what there is, all of them, and one by its name. */
async function serveThings(things: readonly unknown[]) {
  const cache = mkdtempSync(join(tmpdir(), 'forescale-kubectl-'));
  const documents: Record<string, unknown> = {
    '/version': { major: '1', minor: '34', gitVersion: 'v1.34.0' },
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    '/api/v1': {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [
        { name: 'things', singularName: 'thing', namespaced: true, kind: 'Thing', verbs: ['get', 'list'] },
      ],
    },
    '/api/v1/things': { kind: 'ThingList', apiVersion: 'v1', items: things },
    ...Object.fromEntries(things.map((thing, at) => [`/api/v1/namespaces/x/things/thing-${at}`, thing])),
  };
  const server = createServer((request, response) => {
    const document = documents[request.url?.replace(/\?.*$/, '') ?? ''];
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    cache,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(cache, { recursive: true });
    },
  };
}
