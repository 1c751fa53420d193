import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../platform/host-port.ts';
import { createBearerCheck } from '../../platform/secrets/bearer-token.ts';

/** Why a request may not use /admin; undefined when it may. */
export type AdminGuard = (request: FastifyRequest) => string | undefined;

/**
 * Asks for the bearer token, except where the app is bound to loopback and addressed by a loopback name, which only this
 * machine can do. The name matters because a web page can point a name of its own at 127.0.0.1. The address a request comes
 * from proves nothing: behind a sidecar every request comes from loopback.
 */
export function createAdminGuard(options: {
  readonly token: string | undefined;
  readonly boundToLoopback: boolean;
}): AdminGuard {
  const { token, boundToLoopback } = options;
  const check = token === undefined ? undefined : createBearerCheck(token);
  return (request) => {
    if (boundToLoopback && isLoopback(request.hostname)) return undefined;
    if (check === undefined) {
      return '/admin is closed: set APP_ADMIN_TOKEN or APP_ADMIN_TOKEN_FILE, or bind the app to 127.0.0.1 (APP_HOST)';
    }
    switch (check(request.headers.authorization)) {
      case 'right':
        return undefined;
      case 'missing':
        return '/admin needs the token of APP_ADMIN_TOKEN: send the header "Authorization: Bearer <token>"';
      case 'wrong':
        return 'the bearer token is not the one in APP_ADMIN_TOKEN';
    }
  };
}
