import { Errors } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { buildApp, postChain } from './app-in-process.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Record<string, { readonly schema: object }> }
    >
  >;
}

interface Document {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

async function documentOf(app = buildApp()): Promise<Document> {
  return (await app.server.inject('/openapi.json')).json();
}

/** Errors of a value against a schema of the OpenAPI document, in which its references are resolved. */
function faults({ components }: Document, schema: object, value: unknown): unknown[] {
  const [, errors] = Errors({ components, ...schema }, value);
  return errors;
}

const document = await documentOf();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const schemaOf = (path: string, method: string, status: number | 'default', type: string) =>
  document.paths[path]?.[method]?.responses[status]?.content?.[type]?.schema ?? { not: {} };

describe('the OpenAPI document', () => {
  it('has every endpoint the app lists, and no other', async () => {
    const { endpoints } = (await buildApp().server.inject('/')).json() as {
      endpoints: { method: string; path: string }[];
    };
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ version: '1.2.3' });
    expect(operations.length).toBeGreaterThan(7);
    // A document lists the methods of one path together, and writes its parameters in braces.
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(
      endpoints.map(({ method, path }) => `${method} ${path.replace(':fault', '{fault}')}`).sort(),
    );
  });

  it('gives each an own name, a summary and its answers', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { operation } of operations) {
      expect(operation.operationId).toMatch(/^(get|post|patch|put|delete)[A-Z]\w+$/);
      expect(operation.summary.length).toBeGreaterThan(10);
      expect(Object.keys(operation.responses)).toContain('200');
      expect(Object.keys(operation.responses)).toContain('default');
    }
  });

  it('has no reference that leads nowhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
    expect(references.length).toBeGreaterThan(10);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((to) => !known.includes(to ?? ''))).toEqual([]);
  });

  it.each(['/', '/calls', '/healthz', '/readyz', '/ui/state', '/openapi.json'])(
    'describes what GET %s answers',
    async (path) => {
      const app = buildApp({ destinations: ['http://127.0.0.1:1/process'], upstreamFailure: 'degrade' });
      await postChain(app, []);
      const answer = await app.server.inject(path);
      const type = String(answer.headers['content-type']).replace(/;.*/, '');
      const schema = schemaOf(path, 'get', 200, type);
      expect(faults(document, schema, answer.json())).toEqual([]);
      expect(faults(document, schema, 'another shape')).not.toEqual([]);
      await app.close();
    },
  );

  it('describes the chain, and every problem', async () => {
    const chain = schemaOf('/process', 'post', 200, 'application/json');
    expect(faults(document, chain, (await postChain(buildApp(), ['x'])).json())).toEqual([]);
    expect(faults(document, chain, { no: 'array' })).not.toEqual([]);
    const problem = schemaOf('/process', 'post', 'default', 'application/problem+json');
    const failing = buildApp({ destinations: ['http://127.0.0.1:1/process'] });
    const answers = [
      await postChain(failing, []),
      await postChain(buildApp({ errorPercent: 100 }), []),
      await postChain(buildApp(), {}),
      await buildApp().server.inject('/nope'),
    ];
    for (const answer of answers) expect(faults(document, problem, answer.json())).toEqual([]);
    const [withTree] = answers;
    const broken = { ...withTree?.json(), call: { name: 7 } };
    expect(faults(document, problem, broken)).not.toEqual([]);
    await failing.close();
  });
});
