import swagger from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';
import { refTo, type TypedInstance } from '../../platform/http/typed-routes.ts';
import { CallErrorSchema, CallSchema, CallTreeSchema, ChainSchema } from '../chain/call-tree.ts';
import { PageStateSchema } from '../page/page.ts';
import { described } from './described.ts';
import { type Endpoint, InfoSchema } from './info-route.ts';
import { StatusSchema } from './probe-routes.ts';
import { ProblemSchema } from './problem.ts';

/** Schemas that others refer to, in the order of the document. */
const calls = [ChainSchema, CallErrorSchema, CallSchema, CallTreeSchema];
const schemas = [...calls, ProblemSchema, InfoSchema, StatusSchema, PageStateSchema];
const problem = {
  description: 'a problem',
  content: { 'application/problem+json': { schema: refTo<unknown>('Problem') } },
};

/**
 * Prepares the OpenAPI document of the routes that plugins register afterwards. Returns the list of these routes, which is
 * complete when the server is ready.
 */
export function prepareReference(server: TypedInstance, version: string): readonly Endpoint[] {
  const endpoints: Endpoint[] = [];
  server.addHook('onRoute', ({ schema, url, method }) => {
    // Fastify adds a HEAD route for each GET.
    if (schema?.summary === undefined || typeof method !== 'string' || method === 'HEAD') return;
    endpoints.push({ method, path: url, meaning: schema.summary });
  });
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Forescale telemetry app',
        version,
        description:
          'A service that can be chained, slowed and made to fail; the demo workload of Forescale.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => ({
      schema: withContract(schema, operationId(String(route.method), url)),
      url,
    }),
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
  });
  for (const schema of schemas) server.addSchema(schema);
  return endpoints;
}

/** `GET /openapi.json`, which is in its own document. */
export function registerReference(server: TypedInstance): void {
  const route = described('this interface as an OpenAPI 3.1 document', { 200: Type.Object({}) });
  server.get('/openapi.json', route, () => server.swagger());
}

/** The schema with everything that is the same for all routes: a description of each answer, and the problem document. */
function withContract(schema: FastifySchema, operationId: string): FastifySchema {
  const answers = Object.entries(schema.response ?? {}).map(([status, answer]) => {
    const { content = { 'application/json': { schema: answer } } } = answer as { content?: object };
    return [status, { description: schema.summary, content }];
  });
  return { ...schema, operationId, response: { ...Object.fromEntries(answers), default: problem } };
}

/** `GET /ui/state` → `getUiState`; `GET /` → `getRoot`. */
function operationId(method: string, path: string): string {
  const words = path.match(/[a-zA-Z0-9]+/g) ?? ['root'];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
