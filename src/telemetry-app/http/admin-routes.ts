import { type TSchema, Type } from 'typebox';
import { ForescaleError } from '../../platform/errors.ts';
import type { TypedInstance } from '../../platform/http/typed-routes.ts';
import type { Logger } from '../../platform/log.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import { readFaultName, readFaultOrder } from '../faults/fault-order.ts';
import { faultPresets } from '../faults/fault-presets.ts';
import { ActiveFaultsSchema, FaultOrderSchema, faultNames, PresetsSchema } from '../faults/fault-schemas.ts';
import type { AdminGuard } from './admin-guard.ts';
import { Problem } from './problem.ts';

export interface AdminOptions {
  readonly guard: AdminGuard;
  readonly faults: ActiveFaults;
  readonly log: Logger;
}

const limits = 'for durationSeconds (default 60, at most 3600)';

const guarded = (summary: string, answer: TSchema = ActiveFaultsSchema) => ({
  summary,
  security: [{ token: [] }],
  response: { 200: answer },
});
const ordering = (summary: string) => ({ ...guarded(summary), body: FaultOrderSchema });

/** Changes that an operator makes while the app runs: faults, each of which ends by itself. Like probes they are no demand. */
export function registerAdminRoutes(server: TypedInstance, { guard, faults, log }: AdminOptions): void {
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
    { schema: guarded('the faults that are active now, with the time each has left') },
    list,
  );
  server.put('/admin/faults', { schema: ordering(`these faults, ${limits}, and no other`) }, ({ body }) => {
    const order = readFaultOrder(body);
    faults.end();
    faults.order(order);
    return changed();
  });
  server.patch(
    '/admin/faults',
    { schema: ordering(`these faults besides those that are active, ${limits}`) },
    ({ body }) => {
      faults.order(readFaultOrder(body));
      return changed();
    },
  );
  server.delete('/admin/faults', { schema: guarded('ends every fault') }, () => {
    faults.end();
    return changed();
  });
  const params = Type.Object({ fault: Type.Enum(faultNames) });
  server.delete(
    '/admin/faults/:fault',
    { schema: { ...guarded(`ends one fault: ${faultNames.join(', ')}`), params } },
    (request) => {
      faults.end(readFaultName(request.params.fault));
      return changed();
    },
  );
  server.get(
    '/admin/faults/presets',
    { schema: guarded('faults that are often wanted together, by the name to order them by', PresetsSchema) },
    () => ({ presets: Object.entries(faultPresets).map(([preset, rest]) => ({ preset, ...rest })) }),
  );
}
