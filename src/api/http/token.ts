import type { FastifyRequest } from 'fastify';
import { ForescaleError } from '../../platform/errors.ts';
import { isLoopback } from '../../platform/http/host-port.ts';
import type { Logger } from '../../platform/log.ts';
import { createBearerCheck } from '../../platform/secrets/bearer-token.ts';
import type { ApiOptions } from '../ports.ts';

/** Rejects with `unauthorized` unless the request may change things or cost much. */
export type TokenGuard = (request: FastifyRequest) => Promise<void>;

/**
 * A guard that asks for the bearer token, except where the server is bound to loopback and addressed by a loopback name. The
 * name matters because a web page can point a name of its own at 127.0.0.1 (DNS rebinding).
 */
export function createTokenGuard({
  token,
  boundToLoopback,
  log,
}: Pick<ApiOptions, 'token' | 'boundToLoopback' | 'log'>): TokenGuard {
  return async (request) => {
    if (boundToLoopback && isLoopback(request.hostname)) return;
    if (token === undefined) {
      throw new ForescaleError(
        'unauthorized',
        'this route needs a token and the server has none: start it with --api-token-file, or bind it to 127.0.0.1',
      );
    }
    const given = createBearerCheck(await currentToken(token, log))(request.headers.authorization);
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

/** The token as it is now. Where it cannot be read the request is refused, and only the log says why. */
async function currentToken(token: () => Promise<string>, log: Logger): Promise<string> {
  try {
    return await token();
  } catch (error) {
    log.error({ error: String(error) }, 'api-token-unreadable');
    throw new ForescaleError(
      'unauthorized',
      'the server cannot read its token now, so this route is closed; its log says why',
      { cause: error },
    );
  }
}
