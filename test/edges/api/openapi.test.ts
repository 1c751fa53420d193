import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { finishDocument, type OpenApiDocument } from '../../../src/api/openapi/finish-document.ts';
import { playedServer, readTiming } from '../../../src/server/timing.ts';
import { createWhatIfPlayer } from '../../../src/server/what-if/player.ts';
import { apiOptions, directoryOf, modelOf, pastDays, taught, workloadOf } from './fixture.ts';
import { withoutReferences } from './references.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema?: object }> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description?: string; readonly content?: Record<string, { readonly schema?: object }> }
    >
  >;
}

describe('the OpenAPI document', () => {
  let app: ApiInstance;
  let paths: Record<string, Record<string, Operation>>;
  let named: Record<string, object>;
  beforeAll(async () => {
    app = await createApiApp(
      apiOptions({
        directory: directoryOf([workloadOf(modelOf(taught(9)))]),
        adHoc: { history: async () => pastDays(5) },
        whatIf: createWhatIfPlayer(playedServer(readTiming())),
        // Its thread has a low priority, and the machine may be busy.
        limits: { whatIfTimeoutMs: 300_000 },
        modeSwitch: { mode: () => 'active', setMode: async () => {} },
        calendars: {
          calendars: () => [],
          added: () => [],
          add: async (event) => ({ id: '1', addedAt: 1, event }),
          remove: async () => false,
        },
      }),
    );
    const document = (await app.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Forescale', version: '1.2.3' });
    paths = document.paths;
    named = document.components.schemas;
  });
  afterAll(() => app.close());

  const operations = () =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('has every route of the contract', () => {
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual([
      'delete /api/v1/calendars/events/{id}',
      'get /api/v1/calendars',
      'get /api/v1/shards',
      'get /api/v1/status',
      'get /api/v1/stream',
      'get /api/v1/workloads',
      'get /api/v1/workloads/{namespace}/{name}',
      'get /api/v1/workloads/{namespace}/{name}/accuracy',
      'get /api/v1/workloads/{namespace}/{name}/calendar',
      'get /api/v1/workloads/{namespace}/{name}/decisions',
      'get /api/v1/workloads/{namespace}/{name}/events',
      'get /api/v1/workloads/{namespace}/{name}/explain',
      'get /api/v1/workloads/{namespace}/{name}/forecast',
      'get /api/v1/workloads/{namespace}/{name}/history',
      'get /api/v1/workloads/{namespace}/{name}/outcome',
      'get /api/v1/workloads/{namespace}/{name}/stream',
      'get /healthz',
      'get /metrics',
      'get /prometheus/api/v1/label/{name}/values',
      'get /prometheus/api/v1/labels',
      'get /prometheus/api/v1/metadata',
      'get /prometheus/api/v1/query',
      'get /prometheus/api/v1/query_exemplars',
      'get /prometheus/api/v1/query_range',
      'get /prometheus/api/v1/rules',
      'get /prometheus/api/v1/series',
      'get /prometheus/api/v1/status/buildinfo',
      'get /readyz',
      'post /api/v1/calendars/events',
      'post /api/v1/forecasts',
      'post /api/v1/mode',
      'post /api/v1/what-if',
      'post /prometheus/api/v1/labels',
      'post /prometheus/api/v1/query',
      'post /prometheus/api/v1/query_range',
      'post /prometheus/api/v1/series',
    ]);
  });

  it('describes each route with a name of its own, a summary, its parameters and every answer’s schema', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`;
      expect(operation.operationId, where).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation.summary, where).toBeTruthy();
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name);
      expect(declared, where).toEqual(inPath);
      expect(Object.keys(operation.responses), where).toContain('200');
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^(?:[1-5]\d{2}|[1-5]XX|default)$/);
        expect(response.description, where).toBeTypeOf('string');
        const [media] = Object.values(response.content ?? {});
        expect(media?.schema, `${where} ${status}`).toBeTypeOf('object');
      }
    }
  });

  it('has no reference that points nowhere and no value that JSON cannot express', () => {
    const text = JSON.stringify({ paths, named });
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    const known = Object.keys(named).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references)].sort()).toEqual(known.sort());
    expect(known.length).toBeGreaterThan(30);
    expect(text).not.toContain('~');
  });

  it('names every answer and body, says what each is, and has the problem document once', () => {
    for (const { path, method, operation } of operations()) {
      const bodies = Object.values(operation.requestBody?.content ?? {});
      const answered = Object.values(operation.responses).flatMap(({ description, content = {} }) => {
        expect(description).not.toBe('Default Response');
        return Object.entries(content).flatMap(([type, media]) => (type.endsWith('/json') ? [media] : []));
      });
      for (const { schema = {} } of path.startsWith('/prometheus') ? answered : [...bodies, ...answered]) {
        const [ref] = 'anyOf' in schema ? (schema.anyOf as object[]) : [schema];
        expect(ref, `${method} ${path}`).toHaveProperty('$ref');
      }
    }
    expect(JSON.stringify({ paths, named }).match(/RFC 9457\)/g)).toHaveLength(1);
  });

  it('asks for nothing that has a default, and types what is one of a few', () => {
    const all: object[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      all.push(value);
      Object.values(value).forEach(collect);
    };
    collect({ paths, named });
    const parameters = operations().flatMap(({ operation }) => operation.parameters ?? []);
    const defaulted = parameters.filter(({ schema }) => 'default' in schema);
    expect(defaulted.map(({ name }) => name)).toEqual(expect.arrayContaining(['limit', 'offset', 'sort']));
    expect(defaulted.filter(({ required }) => required)).toEqual([]);
    const enums = all.filter((value) => 'enum' in value && Array.isArray(value.enum));
    expect(enums.length).toBeGreaterThan(10);
    expect(enums.filter((value) => !('type' in value))).toEqual([]);
  });

  it('is there as YAML, too', async () => {
    const yaml = await app.inject('/openapi.yaml');
    expect(yaml.headers['content-type']).toContain('application/yaml');
    expect(parse(yaml.body)).toEqual((await app.inject('/openapi.json')).json());
    expect((await app.inject('/docs/json')).json()).toEqual(parse(yaml.body));
  });

  it('refuses two schemas of one name', () => {
    const of = (type: string) => ({
      get: { responses: { 200: { content: { 'application/json': { schema: { title: 'X', type } } } } } },
    });
    const twice = (a: string, b: string) => () => finishDocument({ paths: { '/a': of(a), '/b': of(b) } });
    expect(twice('string', 'number')).toThrow('two schemas of the OpenAPI document are named X');
    expect((twice('string', 'string')() as OpenApiDocument).components).toEqual({
      schemas: { X: { type: 'string' } },
    });
  });

  it.each([
    ['get', '/api/v1/workloads', undefined],
    ['get', '/api/v1/workloads/{namespace}/{name}', undefined],
    ['get', '/api/v1/workloads/{namespace}/{name}/explain', undefined],
    ['get', '/api/v1/workloads/{namespace}/{name}/forecast', undefined],
    ['get', '/api/v1/workloads/{namespace}/{name}/history', undefined],
    ['get', '/api/v1/workloads/{namespace}/{name}/accuracy', undefined],
    ['get', '/api/v1/status', undefined],
    ['get', '/prometheus/api/v1/label/{name}/values', undefined],
    ['get', '/prometheus/api/v1/labels', undefined],
    ['get', '/prometheus/api/v1/metadata', undefined],
    ['get', '/prometheus/api/v1/query', 'query=forescale_signal'],
    ['get', '/prometheus/api/v1/query_exemplars', undefined],
    ['get', '/prometheus/api/v1/query_range', 'query=forescale_signal&start=0&end=1&step=1'],
    ['get', '/prometheus/api/v1/rules', undefined],
    ['get', '/prometheus/api/v1/series', 'match[]=forescale_signal'],
    ['get', '/prometheus/api/v1/status/buildinfo', undefined],
    ['get', '/healthz', undefined],
    ['get', '/readyz', undefined],
    ['post', '/api/v1/forecasts', { query: 'x', horizon: '1h' }],
    ['post', '/api/v1/mode', { mode: 'active' }],
    ['post', '/api/v1/what-if', { query: 'x', target: 5, policies: ['reactive'] }],
  ] as const)('%s %s answers in the shape that it promises', async (method, path, payload) => {
    const schema = paths[path]?.[method]?.responses['200']?.content?.['application/json']?.schema;
    const bare = path.replace('{namespace}', 'shop').replace('{name}', 'checkout');
    const url = typeof payload === 'string' ? `${bare}?${payload}` : bare;
    const response = await app.inject({
      method: method === 'get' ? 'GET' : 'POST',
      url,
      ...(typeof payload === 'object' ? { payload } : {}),
    });
    expect(response.statusCode, response.body).toBe(200);
    expect(schema).toBeDefined();
    const errors = (answer: unknown) => Value.Errors(withoutReferences(schema ?? {}, named), answer);
    expect(errors(response.json())).toEqual([]);
    expect(errors('another shape')).not.toEqual([]);
  });

  it('can be read at /docs, all of it from this server', async () => {
    const page = await app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});
