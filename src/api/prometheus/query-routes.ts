import { type Static, type TObject, Type } from 'typebox';
import type { ApiInstance } from '../instance.ts';
import type { ListWriter } from './answer.ts';
import type { Answering } from './answering.ts';
import { answerLabels, answerLabelValues, answerSeries } from './catalog.ts';
import type { Question } from './evaluation/question.ts';
import { InstantQuery, RangeQuery, SeriesQuery } from './parameters.ts';
import { answerInstant, answerRange } from './query.ts';
import { listAnswer, queryAnswer } from './shapes.ts';

/** A route that takes its parameters from the query string, or from a form. */
interface QueryRoute<P extends TObject> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: P;
  readonly response: object;
  readonly answer: (asked: Static<P>, question: Question, list: ListWriter) => Promise<string>;
}

/** Adds the routes that are answered from the workloads. */
export function addQueryRoutes(app: ApiInstance, answering: Answering): void {
  addRoute(app, answering, {
    path: '/query',
    operationId: 'promQuery',
    summary: 'PromQL at one moment, past or future',
    parameters: InstantQuery,
    response: queryAnswer,
    answer: answerInstant,
  });
  addRoute(app, answering, {
    path: '/query_range',
    operationId: 'promQueryRange',
    summary: 'PromQL at moments of equal distance, past and future',
    parameters: RangeQuery,
    response: queryAnswer,
    answer: answerRange,
  });
  addRoute(app, answering, {
    path: '/series',
    operationId: 'promSeries',
    summary: 'Label sets of series',
    parameters: SeriesQuery,
    response: listAnswer,
    answer: answerSeries,
  });
  addRoute(app, answering, {
    path: '/labels',
    operationId: 'promLabels',
    summary: 'Names of labels',
    parameters: SeriesQuery,
    response: listAnswer,
    answer: answerLabels,
  });
  app.get(
    '/label/:name/values',
    {
      schema: {
        operationId: 'promLabelValues',
        summary: 'Values of a label',
        tags,
        params: Type.Object({ name: Type.String() }),
        querystring: SeriesQuery,
        response: listAnswer,
      },
    },
    ({ params, query }, reply) =>
      answering(reply, undefined, (question, list) => answerLabelValues(params.name, query, question, list)),
  );
}

const tags = ['prometheus'];

/** Adds a route for GET, and for POST with a form; what both have is taken from the form. */
function addRoute<P extends TObject>(
  app: ApiInstance,
  answering: Answering,
  { path, operationId, summary, parameters, response, answer }: QueryRoute<P>,
): void {
  const timeoutOf = (asked: object) =>
    'timeout' in asked && typeof asked.timeout === 'string' ? asked.timeout : undefined;
  app.get(
    path,
    { schema: { operationId, summary, tags, querystring: parameters, response } },
    ({ query }, reply) =>
      answering(reply, timeoutOf(query as object), (question, list) =>
        answer(query as Static<P>, question, list),
      ),
  );
  app.post(
    path,
    {
      schema: {
        operationId: `${operationId}ByForm`,
        summary: `${summary}, asked by a form`,
        tags,
        consumes: ['application/x-www-form-urlencoded'],
        querystring: parameters,
        body: parameters,
        response,
      },
    },
    ({ query, body }, reply) => {
      const asked = { ...(query as object), ...(body as object | null) };
      return answering(reply, timeoutOf(asked), (question, list) =>
        answer(asked as Static<P>, question, list),
      );
    },
  );
}
