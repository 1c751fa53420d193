import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
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
  const wanted = token === undefined ? undefined : digest(token);
  return (request) => {
    if (boundToLoopback && isLoopback(request.hostname)) return;
    if (wanted === undefined) {
      throw new ForescaleError(
        'unauthorized',
        'this route needs a token and the server has none: start it with --api-token-file, or bind it to 127.0.0.1',
      );
    }
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) {
      throw new ForescaleError(
        'unauthorized',
        'this route needs the API token: send the header "Authorization: Bearer <token>"',
      );
    }
    if (!timingSafeEqual(digest(given), wanted)) {
      throw new ForescaleError('unauthorized', 'the bearer token is not the one in --api-token-file');
    }
  };
}

/** Digests have one length, which timingSafeEqual needs and which hides the token's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
