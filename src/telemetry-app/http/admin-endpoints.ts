import type { FastifyReply, FastifyRequest } from 'fastify';
import { closestName } from '../../platform/closest-name.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { parseWithSchema } from '../../platform/schema-errors.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import { faultPresets, isPresetName } from '../faults/fault-presets.ts';
import {
  ActiveFaultsSchema,
  defaultFaultSeconds,
  type FaultName,
  FaultOrderSchema,
  type Faults,
  faultNames,
  PresetsSchema,
} from '../faults/fault-schemas.ts';
import type { AdminGuard } from './admin-guard.ts';
import type { Endpoint } from './endpoint.ts';
import { sendProblem } from './problem.ts';

export interface AdminOptions {
  readonly app: string;
  readonly guard: AdminGuard;
  readonly faults: ActiveFaults;
  readonly log: Logger;
}

type Handler = (request: FastifyRequest) => unknown;

const security = [{ token: [] }];
const json = (schema: object) => ({ 'application/json': schema });
const order = { required: true, content: { 'application/json': { schema: FaultOrderSchema } } };
const active = { 200: json(ActiveFaultsSchema) };

/** What an operator changes while the app runs: faults, each of which ends by itself. No demand, like the probes. */
export function adminEndpoints({ app, guard, faults, log }: AdminOptions): Endpoint[] {
  const guarded = (handle: Handler) => (request: FastifyRequest, reply: FastifyReply) => {
    const refusal = guard(request);
    if (refusal !== undefined) {
      return sendProblem(reply.header('www-authenticate', 'Bearer'), app, 'unauthorized', {
        detail: refusal,
      });
    }
    try {
      return handle(request);
    } catch (error) {
      if (!(error instanceof ForescaleError)) throw error;
      return sendProblem(reply, app, 'bad-faults', { detail: error.message, faults: error.fieldErrors });
    }
  };
  const list = () => ({ faults: faults.list() });
  const changed = () => {
    log.info({ faults: faults.list() }, 'faults-changed');
    return list();
  };
  return [
    {
      method: 'GET',
      path: '/admin/faults',
      meaning: 'the faults that are active now, with the time each has left',
      contract: { security, answers: active },
      handler: guarded(list),
    },
    {
      method: 'PUT',
      path: '/admin/faults',
      meaning: 'these faults, for durationSeconds (default 60, at most 3600), and no other',
      contract: { security, requestBody: order, answers: active },
      handler: guarded(({ body }) => {
        const { ordered, durationSeconds } = readOrder(body);
        faults.end();
        faults.order(ordered, durationSeconds);
        return changed();
      }),
    },
    {
      method: 'PATCH',
      path: '/admin/faults',
      meaning: 'these faults besides those that are active, for durationSeconds (default 60, at most 3600)',
      contract: { security, requestBody: order, answers: active },
      handler: guarded(({ body }) => {
        const { ordered, durationSeconds } = readOrder(body);
        faults.order(ordered, durationSeconds);
        return changed();
      }),
    },
    {
      method: 'DELETE',
      path: '/admin/faults',
      meaning: 'ends every fault',
      contract: { security, answers: active },
      handler: guarded(() => {
        faults.end();
        return changed();
      }),
    },
    {
      method: 'DELETE',
      path: '/admin/faults/:fault',
      meaning: `ends one fault: ${faultNames.join(', ')}`,
      contract: {
        security,
        parameters: [{ name: 'fault', in: 'path', required: true, schema: { enum: faultNames } }],
        answers: active,
      },
      handler: guarded(({ params }) => {
        faults.end(readFaultName((params as { fault: string }).fault));
        return changed();
      }),
    },
    {
      method: 'GET',
      path: '/admin/faults/presets',
      meaning: 'faults that are often wanted together, by the name to order them by',
      contract: { security, answers: { 200: json(PresetsSchema) } },
      handler: guarded(() => ({
        presets: Object.entries(faultPresets).map(([preset, rest]) => ({ preset, ...rest })),
      })),
    },
  ];
}

function readOrder(body: unknown): { ordered: Faults; durationSeconds: number } {
  const order = parseWithSchema('request body', FaultOrderSchema, body ?? {});
  const { preset, faults = {}, durationSeconds = defaultFaultSeconds } = order;
  const ordered = { ...presetFaults(preset), ...faults };
  if (Object.keys(ordered).length > 0) return { ordered, durationSeconds };
  throw refusal('faults', 'nothing is ordered: give faults or a preset, as JSON; DELETE ends them');
}

function presetFaults(name: string | undefined): Faults {
  if (name === undefined) return {};
  if (isPresetName(name)) return faultPresets[name].faults;
  throw refusal('preset', `preset: ${JSON.stringify(name)} ${mustBe(name, Object.keys(faultPresets))}`, name);
}

function readFaultName(name: string): FaultName {
  const found = faultNames.find((one) => one === name);
  if (found !== undefined) return found;
  throw refusal('fault', `fault: ${JSON.stringify(name)} ${mustBe(name, faultNames)}`, name);
}

function mustBe(name: string, known: readonly string[]): string {
  const near = closestName(name, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return `must be one of ${known.join(', ')}${hint}`;
}

function refusal(field: string, message: string, value?: string): ForescaleError {
  const fault = { field, message, ...(value === undefined ? {} : { value }) };
  return new ForescaleError('invalid-argument', message, { fieldErrors: [fault] });
}
