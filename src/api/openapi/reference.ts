import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { stringify } from 'yaml';
import { referencePagePolicy } from '../http/security-headers.ts';
import type { ApiInstance } from '../instance.ts';
import { finishDocument } from './finish-document.ts';

const icon = readFileSync(new URL('../page/icon.svg', import.meta.url));

/** Adds the OpenAPI document (`/openapi.json`, `/openapi.yaml`) of all routes that are added later, and a page to read it (`/docs`). */
export async function registerReference(app: ApiInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Forescale',
        version,
        description:
          'Forecasts of demand and what KEDA is told. Times are unix seconds, demand is in the query’s unit. Errors are RFC 9457 problem documents with a stable code.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'the server that serves this document' }],
      tags: [
        { name: 'workloads', description: 'Each workload, answered from memory' },
        { name: 'forecasts', description: 'Forecasts made on demand' },
        { name: 'prometheus', description: 'Forecasts and decisions as Prometheus data' },
        { name: 'server', description: 'This server' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'the token of --api-token-file' },
        },
      },
    },
    convertConstToEnum: false,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: referencePagePolicy,
    // The other layout has a bar with the logo of another project and a box that loads other documents.
    uiConfig: { validatorUrl: null, layout: 'BaseLayout' },
    transformSpecification: (document) => finishDocument(document),
    theme: {
      title: 'Forescale API',
      favicon: [{ filename: 'icon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
    },
  });
  const document = () => finishDocument(app.swagger());
  app.get('/openapi.json', { schema: { hide: true } }, document);
  app.get('/openapi.yaml', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/yaml').send(stringify(document())),
  );
}
