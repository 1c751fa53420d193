import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ForescaleError } from '../../platform/errors.ts';
import { isLoopback } from '../../platform/http/host-port.ts';
import type { TypedInstance } from '../../platform/http/typed-routes.ts';
import type { Logger } from '../../platform/log.ts';
import { createBearerCheck } from '../../platform/secrets/bearer-token.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import { readFaultName, readFaultOrder } from '../faults/fault-order.ts';
import { faultPresets } from '../faults/fault-presets.ts';
import { ActiveFaultsSchema, FaultOrderSchema, faultNames, PresetsSchema } from '../faults/fault-schemas.ts';
import { described } from './described.ts';
import { Problem } from './problem.ts';

export interface AdminOptions {
  /** The address the app is bound to. */
  readonly host: string;
  readonly token: string | undefined;
  readonly faults: ActiveFaults;
  readonly log: Logger;
}

const limits = 'for durationSeconds (default 60, at most 3600)';

const security = [{ token: [] }];
const listed = { 200: ActiveFaultsSchema };
const order = { security, body: FaultOrderSchema };
const params = Type.Object({ fault: Type.Enum(faultNames) });

/** Changes that an operator makes while the app runs: faults, each of which ends by itself. Like probes they are no demand. */
export function registerAdminRoutes(server: TypedInstance, options: AdminOptions): void {
  const { faults, log } = options;
  const guard = createGuard(options);
  server.addHook('preValidation', async (request) => {
    const refusal = guard(request);
    if (refusal === undefined) return;
    throw new Problem('unauthorized', { detail: refusal }, { 'www-authenticate': 'Bearer' });
  });
  server.setErrorHandler((error) => {
    if (!(error instanceof ForescaleError)) throw error;
    throw new Problem('bad-faults', { detail: error.message, faults: error.fieldErrors });
  });
  const list = () => ({ faults: faults.list() });
  const changed = () => {
    log.info(list(), 'faults-changed');
    return list();
  };

  server.get(
    '/admin/faults',
    described('the faults that are active now, with the time each has left', listed, { security }),
    list,
  );
  server.put(
    '/admin/faults',
    described(`these faults, ${limits}, and no other`, listed, order),
    ({ body }) => {
      const ordered = readFaultOrder(body);
      faults.end();
      faults.order(ordered);
      return changed();
    },
  );
  server.patch(
    '/admin/faults',
    described(`these faults besides those that are active, ${limits}`, listed, order),
    ({ body }) => {
      faults.order(readFaultOrder(body));
      return changed();
    },
  );
  server.delete('/admin/faults', described('ends every fault', listed, { security }), () => {
    faults.end();
    return changed();
  });
  server.delete(
    '/admin/faults/:fault',
    described(`ends one fault: ${faultNames.join(', ')}`, listed, { security, params }),
    (request) => {
      faults.end(readFaultName(request.params.fault));
      return changed();
    },
  );
  const presets = Object.entries(faultPresets).map(([preset, rest]) => ({ preset, ...rest }));
  server.get(
    '/admin/faults/presets',
    described(
      'faults that are often wanted together, by the name to order them by',
      { 200: PresetsSchema },
      { security },
    ),
    () => ({ presets }),
  );
}

const refusals = {
  right: undefined,
  missing: '/admin needs the token of APP_ADMIN_TOKEN: send the header "Authorization: Bearer <token>"',
  wrong: 'the bearer token is not the one in APP_ADMIN_TOKEN',
  closed:
    '/admin is closed: set APP_ADMIN_TOKEN or APP_ADMIN_TOKEN_FILE, or bind the app to 127.0.0.1 (APP_HOST)',
};

/**
 * Says why a request may not use /admin. It needs the bearer token, except where the app is bound to loopback and addressed by a
 * loopback name, which only this machine can do. The name matters because a web page can point a name of its own at 127.0.0.1.
 * The address a request comes from proves nothing: behind a sidecar every request comes from loopback.
 */
function createGuard({ host, token }: AdminOptions): (request: FastifyRequest) => string | undefined {
  const check = token === undefined ? () => 'closed' as const : createBearerCheck(token);
  return ({ hostname, headers }) =>
    isLoopback(host) && isLoopback(hostname) ? undefined : refusals[check(headers.authorization)];
}
