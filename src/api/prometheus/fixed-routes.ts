import { Type } from 'typebox';
import type { ApiInstance } from '../instance.ts';
import { successText } from './answer.ts';
import { limitOf } from './parameters.ts';
import { servedMetrics } from './series/metrics.ts';
import { buildAnswer, exemplarsAnswer, metadataAnswer, rulesAnswer } from './shapes.ts';

const tags = ['prometheus'];

/** Adds the routes whose answers do not depend on the workloads. */
export function addFixedRoutes(app: ApiInstance, version: string): void {
  const text = Type.Optional(Type.String({ maxLength: 256 }));
  const fixed = (path: string, operationId: string, summary: string, response: object, data: unknown) =>
    app.get(path, { schema: { operationId, summary, tags, response } }, (_request, reply) =>
      reply.type('application/json').send(successText(JSON.stringify(data))),
    );
  app.get(
    '/metadata',
    {
      schema: {
        operationId: 'promMetadata',
        summary: 'Type and meaning of each metric',
        tags,
        querystring: Type.Object({ metric: text, limit: text }),
        response: metadataAnswer,
      },
    },
    ({ query: { metric, limit } }, reply) => {
      const entries = Object.entries(servedMetrics)
        .filter(([name]) => metric === undefined || metric === '' || name === metric)
        .slice(0, limitOf(limit))
        .map(([name, { help }]) => [name, [{ type: 'gauge', help, unit: '' }]]);
      return reply.type('application/json').send(successText(JSON.stringify(Object.fromEntries(entries))));
    },
  );
  // Grafana takes what has no `features` here for a Prometheus, and no Mimir.
  fixed('/status/buildinfo', 'promBuildInfo', 'Name and version of what answers', buildAnswer, {
    application: 'Forescale',
    version,
    revision: '',
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  });
  // Grafana asks both when it opens a data source.
  fixed('/rules', 'promRules', 'Rules: there are none', rulesAnswer, { groups: [] });
  fixed('/query_exemplars', 'promExemplars', 'Exemplars: there are none', exemplarsAnswer, []);
  app.post('/query_exemplars', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json').send(successText('[]')),
  );
}
