import type { Endpoint } from './endpoint.ts';
import { ref, schemas } from './openapi-schemas.ts';

/** The OpenAPI 3.1 document of these endpoints. */
function openApiDocument(version: string, endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    const operations = paths[path] ?? {};
    operations[endpoint.method.toLowerCase()] = toOperation(endpoint);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Forescale telemetry app',
      version,
      description: 'A service that can be chained, slowed and made to fail; the demo workload of Forescale.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

/** `GET /openapi.json`, which is in its own document. */
export function openApiEndpoint(version: string, endpoints: () => readonly Endpoint[]): Endpoint {
  return {
    method: 'GET',
    path: '/openapi.json',
    meaning: 'this interface as an OpenAPI 3.1 document',
    contract: { answers: { 200: { 'application/json': { type: 'object' } } } },
    handler: () => openApiDocument(version, endpoints()),
  };
}

function toOperation({ method, path, meaning, contract }: Endpoint): object {
  const { security, parameters, requestBody, answers = { 200: {} } } = contract ?? {};
  const told = Object.entries(answers).map(([status, media]) => [
    status,
    { description: meaning, ...contentOf(media) },
  ]);
  return {
    operationId: operationId(method, path),
    summary: meaning,
    ...(security === undefined ? {} : { security }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      ...Object.fromEntries(told),
      default: { description: 'a problem', ...contentOf({ 'application/problem+json': ref('Problem') }) },
    },
  };
}

function contentOf(media: Readonly<Record<string, object>>): { content?: object } {
  const entries = Object.entries(media).map(([type, schema]) => [type, { schema }]);
  return entries.length === 0 ? {} : { content: Object.fromEntries(entries) };
}

/** `GET /ui/state` → `getUiState`; `GET /` → `getRoot`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
  const named = words.length === 0 ? ['root'] : words;
  return method.toLowerCase() + named.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
