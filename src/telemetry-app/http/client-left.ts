import type { FastifyReply } from 'fastify';

/** The reason with which the work for a client ends that left before its answer. Nobody is there to be answered. */
export const clientLeft = new Error('the client left before its answer');

/** A signal that aborts with `clientLeft` when the exchange is over; while work is under way for it, the client has left. */
export function departureOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort(clientLeft);
  if (raw.destroyed) leave();
  else raw.once('close', leave);
  return gone.signal;
}
