import { parse } from 'node:querystring';
import { ForescaleError } from '../../platform/errors.ts';
import type { NotFoundHandler } from '../http/not-found.ts';
import type { ApiInstance } from '../instance.ts';
import type { RouteContext } from '../routes/route.ts';
import { createAnswering } from './answering.ts';
import { createErrorHandler } from './errors.ts';
import { addFixedRoutes } from './fixed-routes.ts';
import { addQueryRoutes } from './query-routes.ts';

const prefix = '/prometheus/api/v1';
/** A form of a query of 4,096 characters, each of them written as nine, and its other parameters. */
const formBytes = 65_536;

/**
 * Adds the part of Prometheus' HTTP API that Grafana's data source, promtool and KEDA's prometheus trigger ask, below
 * `/prometheus/api/v1`. It answers what {@link RouteContext.directory} knows, in the past, now and in the future, from memory.
 */
export async function registerPrometheusApi(
  app: ApiInstance,
  context: RouteContext,
  handleNotFound: NotFoundHandler,
): Promise<void> {
  await app.register(
    async (scope: ApiInstance) => {
      scope.setErrorHandler(createErrorHandler(context.log));
      scope.setNotFoundHandler(handleNotFound);
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: formBytes },
        async (_request: unknown, body: string) => ({ ...parse(body) }),
      );
      scope.addContentTypeParser('*', async () => {
        throw new ForescaleError(
          'invalid-argument',
          'send the parameters in the query string, or as a form with the header "content-type: application/x-www-form-urlencoded"',
        );
      });
      addQueryRoutes(scope, createAnswering(context));
      addFixedRoutes(scope, context.version);
    },
    { prefix },
  );
}
