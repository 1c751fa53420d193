import type { FastifyReply } from 'fastify';
import { within } from '../../../platform/deadline.ts';
import { ForescaleError } from '../../../platform/errors.ts';

/**
 * Works for a client that waits. The request ends when its time is over and when the client has gone, even where the work does not
 * heed its signal.
 */
export async function forClient<T>(
  reply: FastifyReply,
  timeoutMs: number,
  {
    work,
    tooLong,
  }: {
    readonly work: (signal: AbortSignal) => Promise<T>;
    readonly tooLong: () => ForescaleError;
  },
): Promise<T> {
  const gone = new AbortController();
  const onGone = () => gone.abort(new ForescaleError('limit-reached', 'the client has gone'));
  reply.raw.once('close', onGone);
  try {
    return await within(timeoutMs, work, { signal: gone.signal, error: tooLong });
  } finally {
    reply.raw.off('close', onGone);
  }
}
