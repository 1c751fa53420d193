import { Type } from 'typebox';
import { ForescaleError, toForescaleError } from '../../platform/errors.ts';
import type { TypedInstance } from '../../platform/http/typed-routes.ts';
import type { Logger } from '../../platform/log.ts';
import { parseWithSchema } from '../../platform/schema-errors.ts';
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

const security = [{ token: [] }];
const response = { 200: ActiveFaultsSchema };
const limits = 'for durationSeconds (default 60, at most 3600)';

/** Changes that an operator makes while the app runs: faults, each of which ends by itself. Like probes they are no demand. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of routes with their schemas, read one by one
export function registerAdminRoutes(server: TypedInstance, { guard, faults, log }: AdminOptions): void {
  server.setValidatorCompiler<typeof FaultOrderSchema>(({ schema, httpPart }) => (input: unknown) => {
    // The handler checks the name of a fault in the path, to say which one was probably meant.
    if (httpPart !== 'body') return { value: input };
    try {
      return { value: parseWithSchema('request body', schema, input ?? {}) };
    } catch (error) {
      return { error: toForescaleError(error) };
    }
  });
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
    log.info({ faults: faults.list() }, 'faults-changed');
    return list();
  };

  server.get(
    '/admin/faults',
    {
      schema: { summary: 'the faults that are active now, with the time each has left', security, response },
    },
    list,
  );
  const order = (method: 'PUT' | 'PATCH', summary: string) =>
    server.route({
      method,
      url: '/admin/faults',
      schema: {
        summary,
        security,
        body: FaultOrderSchema,
        response,
      },
      handler({ body }) {
        const { ordered, durationSeconds } = readFaultOrder(body);
        if (method === 'PUT') faults.end();
        faults.order(ordered, durationSeconds);
        return changed();
      },
    });
  order('PUT', `these faults, ${limits}, and no other`);
  order('PATCH', `these faults besides those that are active, ${limits}`);
  server.delete('/admin/faults', { schema: { summary: 'ends every fault', security, response } }, () => {
    faults.end();
    return changed();
  });
  server.delete(
    '/admin/faults/:fault',
    {
      schema: {
        summary: `ends one fault: ${faultNames.join(', ')}`,
        security,
        params: Type.Object({ fault: Type.Enum(faultNames) }),
        response,
      },
    },
    ({ params }) => {
      faults.end(readFaultName(params.fault));
      return changed();
    },
  );
  server.get(
    '/admin/faults/presets',
    {
      schema: {
        summary: 'faults that are often wanted together, by the name to order them by',
        security,
        response: { 200: PresetsSchema },
      },
    },
    () => ({ presets: Object.entries(faultPresets).map(([preset, rest]) => ({ preset, ...rest })) }),
  );
}
