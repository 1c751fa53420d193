import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../platform/host-port.ts';
import { createBearerCheck } from '../../platform/secrets/bearer-token.ts';

/** Why a request may not use /admin; undefined when it may. */
export type AdminGuard = (request: FastifyRequest) => string | undefined;

const refusals = {
  right: undefined,
  missing: '/admin needs the token of APP_ADMIN_TOKEN: send the header "Authorization: Bearer <token>"',
  wrong: 'the bearer token is not the one in APP_ADMIN_TOKEN',
  closed:
    '/admin is closed: set APP_ADMIN_TOKEN or APP_ADMIN_TOKEN_FILE, or bind the app to 127.0.0.1 (APP_HOST)',
};

/**
 * Asks for the bearer token, except where the app is bound to loopback and addressed by a loopback name, which only this
 * machine can do. The name matters because a web page can point a name of its own at 127.0.0.1. The address a request comes
 * from proves nothing: behind a sidecar every request comes from loopback.
 */
export function createAdminGuard(token: string | undefined, boundTo: string): AdminGuard {
  const check = token === undefined ? () => 'closed' as const : createBearerCheck(token);
  return ({ hostname, headers }) =>
    isLoopback(boundTo) && isLoopback(hostname) ? undefined : refusals[check(headers.authorization)];
}
