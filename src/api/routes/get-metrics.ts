import { finished, Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { WorkloadDirectory, WorkloadView } from '../../forecast/index.ts';
import { type FieldError, ForescaleError } from '../../platform/errors.ts';
import { problems } from '../instance.ts';
import type { Route } from './route.ts';

/** `GET /metrics` in the text format of Prometheus: of the server and every workload, or all there is of some workloads. */
export const getMetricsRoute: Route = (app, { directory, limits, metrics }) => {
  const Name = Type.String({ maxLength: 507 });
  let written = 0;

  function checkRoom(): void {
    if (written < limits.scrapesAtOnce) return;
    throw new ForescaleError(
      'limit-reached',
      `${written} answers with metrics are being written, as many as this server writes at once; ask again in some seconds`,
    );
  }

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics of this server, for Prometheus',
        description:
          'Without parameters: the server itself, and at most 20 series of each workload, which dashboards and alerts use. With `workload`: every series of the workloads that are named, and nothing of the server.',
        tags: ['server'],
        querystring: Type.Object(
          {
            workload: Type.Optional(
              Type.Union([Name, Type.Array(Name, { minItems: 1, maxItems: limits.workloadsPerScrape })], {
                description: '`namespace/name` of a workload; may be given several times',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'Prometheus text format',
            content: { 'text/plain': { schema: Type.String() } },
          },
          ...problems,
        },
      },
    },
    ({ query: { workload } }, reply) => {
      checkRoom();
      const named = workload === undefined ? undefined : workloadsNamed(directory, [workload].flat());
      const { contentType, body } = named === undefined ? metrics.all() : metrics.of(named);
      // Of an object stream the mark counts pieces: the next one is written when this one is on its way.
      const text = Readable.from(body, { highWaterMark: 1 });
      const cut = () => void text.destroy(new Error('the answer was not taken in time'));
      const timer = setTimeout(cut, limits.scrapeTimeoutMs).unref();
      written++;
      finished(text, () => {
        clearTimeout(timer);
        written--;
      });
      return sendText(reply, contentType, text) as never;
    },
  );
};

function sendText(reply: FastifyReply, contentType: string, text: Readable): FastifyReply {
  return reply.type(contentType).send(text);
}

/** The workloads of `namespace/name`, each once and with all of its triggers. Throws where one of the names is none, and says all. */
function workloadsNamed(directory: WorkloadDirectory, names: readonly string[]): readonly WorkloadView[] {
  const found: WorkloadView[] = [];
  const faults: FieldError[] = [];
  for (const value of new Set(names)) {
    const [namespace = '', name = '', ...more] = value.split('/');
    const workloads = more.length === 0 ? directory.find(namespace, name) : [];
    found.push(...workloads);
    if (workloads.length === 0) faults.push({ field: 'workload', value, message: unknown(value) });
  }
  if (faults.length === 0) return found;
  const message = faults.map((fault) => fault.message).join('; ');
  throw new ForescaleError('not-found', message, { fieldErrors: faults });
}

function unknown(value: string): string {
  return `workload: there is none that is called "${value}"; write namespace/name as GET /api/v1/workloads lists them`;
}
