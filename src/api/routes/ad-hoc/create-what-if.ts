import { modelOptionsFor } from '../../../forecast/index.ts';
import { within } from '../../../platform/deadline.ts';
import { formatDuration } from '../../../platform/duration.ts';
import { ForescaleError } from '../../../platform/errors.ts';
import { createConcurrencyLimit } from '../../../platform/turns/concurrency-limit.ts';
import { rowSeconds } from '../../../what-if/index.ts';
import { answers, NoParameters, validatorCompiler } from '../../instance.ts';
import type { WhatIfPlayer } from '../../ports.ts';
import type { Route, RouteContext } from '../route.ts';
import { forClient } from './for-client.ts';
import { eventsFor, historyOf, refuseUnknownZone, seasonsOf } from './source-request.ts';
import { WhatIfAnswerSchema } from './what-if-answer.ts';
import { CheckedWhatIfRequest, readWhatIf, type WhatIfBody, WhatIfRequestSchema } from './what-if-request.ts';

/** `POST /api/v1/what-if`: plays ways of scaling on a history that is sent or queried. Nothing of it is kept. */
export const createWhatIfRoute: Route = (app, context) => {
  const { guard, limits, whatIf } = context;
  if (whatIf === undefined) return;
  const turns = createConcurrencyLimit(limits.whatIfsAtOnce);
  let admitted = 0;
  app.post(
    '/api/v1/what-if',
    {
      bodyLimit: limits.bodyBytes,
      onRequest: guard,
      validatorCompiler: (part) =>
        validatorCompiler(part.httpPart === 'body' ? { ...part, schema: CheckedWhatIfRequest } : part),
      schema: {
        operationId: 'createWhatIf',
        summary: 'What ways of scaling would have cost, and how long each would have been short',
        description:
          'Give either `query` (with `address`) or `data`; with `workload` the events of its calendars count, and Forescale is played without them, too. The same answer as `forescale what-if --json`. Needs the API token.',
        tags: ['forecasts'],
        security: [{ token: [] }],
        querystring: NoParameters,
        body: WhatIfRequestSchema,
        response: answers(WhatIfAnswerSchema),
      },
    },
    async ({ body }, reply) => {
      if (admitted >= limits.whatIfsAtOnce + limits.whatIfsWaiting) {
        throw new ForescaleError(
          'limit-reached',
          `${admitted} what-ifs are being played or wait, as many as this server takes; try again in some seconds`,
        );
      }
      admitted += 1;
      try {
        return await forClient(reply, limits.whatIfTimeoutMs, {
          work: async (signal) => {
            const request = await readRequest(body, context, signal);
            return turns.run(() => whatIf.play(request, signal), signal);
          },
          tooLong: () => tooLong(limits.whatIfTimeoutMs),
        });
      } finally {
        admitted -= 1;
      }
    },
  );
};

/** What a body asks for, with the history that it sends or that its source has. */
async function readRequest(
  body: WhatIfBody,
  context: RouteContext,
  signal: AbortSignal,
): Promise<Parameters<WhatIfPlayer['play']>[0]> {
  const { limits } = context;
  const asked = readWhatIf(body);
  refuseUnknownZone(body);
  const { timeZone } = body;
  const seasonsSeconds =
    body.seasons === undefined ? undefined : seasonsOf(body, rowSeconds, limits.seasonSteps);
  const events = eventsFor(body, context);
  const history = await within(
    limits.adHocTimeoutMs,
    (reading) => historyOf(body, asked.rangeSeconds, context, reading),
    { signal, error: sourceTooLong },
  );
  const { rateWindowSeconds: ofQuery = 0, ...rows } = history;
  const rateWindowSeconds = asked.settings.rateWindowSeconds ?? (ofQuery > 0 ? ofQuery : undefined);
  return {
    ...asked,
    settings: { ...asked.settings, rateWindowSeconds },
    history: rows,
    model: { ...modelOptionsFor({ seasonsSeconds, timeZone }, 0), events },
  };
}

function sourceTooLong(): ForescaleError {
  return new ForescaleError('source-timeout', 'the source did not answer in time; ask for a shorter range');
}

function tooLong(ms: number): ForescaleError {
  return new ForescaleError(
    'overloaded',
    `no answer within ${formatDuration(ms / 1000)}; try again later, or ask for fewer policies or a shorter range`,
  );
}
