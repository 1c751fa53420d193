import type { FastifyRequest } from 'fastify';
import { createBearerCheck } from '../../platform/bearer-token.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { isLoopback } from '../../platform/host-port.ts';

/** Throws `unauthorized` unless the request may change things or cost much. */
export type TokenGuard = (request: FastifyRequest) => void;

/**
 * Asks for the bearer token, except of this machine's own user: a server bound to loopback and addressed by a loopback
 * name. The name matters because a web page can point a name of its own at 127.0.0.1 (DNS rebinding).
 */
export function createTokenGuard(options: {
  readonly token: string | undefined;
  readonly boundToLoopback: boolean;
}): TokenGuard {
  const { token, boundToLoopback } = options;
  const check = token === undefined ? undefined : createBearerCheck(token);
  return (request) => {
    if (boundToLoopback && isLoopback(request.hostname)) return;
    if (check === undefined) {
      throw new ForescaleError(
        'unauthorized',
        'this route needs a token and the server has none: start it with --api-token-file, or bind it to 127.0.0.1',
      );
    }
    const given = check(request.headers.authorization);
    if (given === 'missing') {
      throw new ForescaleError(
        'unauthorized',
        'this route needs the API token: send the header "Authorization: Bearer <token>"',
      );
    }
    if (given === 'wrong') {
      throw new ForescaleError('unauthorized', 'the bearer token is not the one in --api-token-file');
    }
  };
}
