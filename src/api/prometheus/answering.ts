import type { FastifyReply } from 'fastify';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError, invalidField } from '../../platform/errors.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { forClient } from '../routes/ad-hoc/for-client.ts';
import type { RouteContext } from '../routes/route.ts';
import { createListWriter, type ListWriter } from './answer.ts';
import { createBudget, createNotes, type Question } from './evaluation/question.ts';
import { lengthOf } from './parameters.ts';

/** Works out the text of one answer. */
type Work = (question: Question, writer: ListWriter) => Promise<string>;

/** Runs the work of one request and sends its answer. */
export type Answering = (
  reply: FastifyReply,
  timeout: string | undefined,
  work: Work,
) => Promise<FastifyReply>;

/**
 * Bounds what queries cost together: so many at once, the others in a line that is bounded too, each with a deadline, and none for a
 * client that has gone.
 */
export function createAnswering({ directory, pastDecisions, clock, limits }: RouteContext): Answering {
  const turns = createConcurrencyLimit(limits.queriesAtOnce);
  let present = 0;

  const questionOf = (signal: AbortSignal): Question => ({
    directory,
    pastDecisions,
    nowMs: Math.round(clock() * 1000),
    limits,
    slices: createTimeSlices({ sliceFor: 'caller', signal }),
    signal,
    notes: createNotes(),
    budget: createBudget(limits.querySamples),
  });

  return async (reply, timeout, work) => {
    const timeoutMs = Math.min(timeoutOf(timeout), limits.queryTimeoutMs);
    if (present >= limits.queriesAtOnce + limits.queriesWaiting) {
      throw new ForescaleError(
        'limit-reached',
        `${present} queries wait for an answer; ask again in some seconds`,
      );
    }
    present++;
    try {
      const text = await forClient(reply, timeoutMs, {
        work: (signal) =>
          turns.run(() => work(questionOf(signal), createListWriter(limits.answerBytes)), signal),
        tooLong: () => late(timeoutMs),
      });
      return reply.type('application/json').send(text);
    } finally {
      present--;
    }
  };
}

function timeoutOf(given: string | undefined): number {
  if (given === undefined || given === '') return Number.POSITIVE_INFINITY;
  const timeoutMs = lengthOf('timeout', given);
  if (timeoutMs <= 0) throw invalidField('timeout', `timeout: ${given} must be above 0`, given);
  return timeoutMs;
}

function late(timeoutMs: number): ForescaleError {
  return new ForescaleError(
    'overloaded',
    `query timed out in expression evaluation after ${formatDuration(timeoutMs / 1000)}; ask for less of it`,
  );
}
