import { type TProperties, Type } from 'typebox';
import type { DecisionRecord, WorkloadDirectory, WorkloadView } from '../../forecast/index.ts';
import { ForescaleError, invalidField } from '../../platform/errors.ts';
import { shortened } from '../../platform/settings.ts';
import type { Recorded } from '../answers/recorded-answer.ts';

/** `{namespace}/{name}` in the path of a route. */
export const WorkloadPath = Type.Object(
  {
    namespace: Type.String({ description: 'of the ScaledObject' }),
    name: Type.String({ description: 'of the ScaledObject' }),
  },
  { additionalProperties: false },
);
const trigger = Type.Optional(
  Type.String({ description: 'which trigger, where a workload has several', maxLength: 64 }),
);

/** The query string of a route about one workload: the trigger that is meant, and the parameters in `more`. */
export function workloadQuery<P extends TProperties>(more: P) {
  return Type.Object({ trigger, ...more }, { additionalProperties: false });
}

/** Triggers that a message names; one is mostly enough to see what to write. */
const mostNamed = 10;

/** The workload of a request. Throws `not-found`, or `invalid-argument` where the request has to name a trigger. */
export function findWorkload(
  directory: WorkloadDirectory,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  trigger: string | undefined,
): WorkloadView {
  const found = directory.find(namespace, name);
  const what = `${namespace}/${name}`;
  if (found.length === 0) {
    throw new ForescaleError(
      'not-found',
      `no workload ${what}; GET /api/v1/workloads lists those that KEDA has asked for or the configuration declares`,
    );
  }
  if (trigger === undefined) {
    const only = lastAsked(found);
    if (only !== undefined && found.every((one) => one.trigger === only.trigger)) return only;
    const message = `${what} has ${found.length} triggers: add ?trigger= one of ${triggersOf(found)}`;
    throw invalidField('trigger', message);
  }
  const match = lastAsked(found.filter((workload) => workload.trigger === trigger));
  if (match === undefined) {
    const message = `${what} has no trigger "${trigger}"; it has ${triggersOf(found)}`;
    throw new ForescaleError('not-found', message);
  }
  return match;
}

/** An edit is the same trigger, and for a minute or two there are both where it was undone: KEDA asks one of them. */
function lastAsked(found: readonly WorkloadView[]): WorkloadView | undefined {
  const ageOf = (workload: WorkloadView) => workload.asked()?.secondsAgo ?? Number.POSITIVE_INFINITY;
  return found.reduce<WorkloadView | undefined>(
    (last, one) => (last === undefined || ageOf(one) < ageOf(last) ? one : last),
    undefined,
  );
}

function triggersOf(found: readonly WorkloadView[]): string {
  const named = found
    .slice(0, mostNamed)
    .map(({ trigger, model }) => `${trigger} (${shortened(model.query)})`);
  return [...named, ...(found.length > mostNamed ? ['…'] : [])].join(', ');
}

/**
 * The trigger whose decisions a request is about: one that is known, or one of which only decisions are left. Throws as
 * {@link findWorkload} does.
 */
export async function findRecorded(
  { directory, record }: { readonly directory: WorkloadDirectory; readonly record: DecisionRecord },
  path: { readonly namespace: string; readonly name: string },
  trigger: string | undefined,
): Promise<Recorded> {
  const { namespace, name } = path;
  const known = directory.find(namespace, name);
  const isKnown = trigger === undefined ? known.length > 0 : known.some((one) => one.trigger === trigger);
  if (!isKnown) {
    const recorded = await record.triggers(namespace, name);
    const [only = '', ...others] = recorded;
    const unit = undefined;
    if (trigger !== undefined && recorded.includes(trigger)) return { namespace, name, trigger, unit };
    if (trigger === undefined && others.length > 0) {
      const message = `${namespace}/${name} is not asked for any more and had ${recorded.length} triggers: add ?trigger= one of ${recorded.join(', ')}`;
      throw invalidField('trigger', message);
    }
    if (trigger === undefined && only !== '') return { namespace, name, trigger: only, unit };
  }
  const found = findWorkload(directory, path, trigger);
  return { namespace, name, trigger: found.trigger, unit: found.unit };
}

/** The record of the server. Throws `not-on-record` where it has none. */
export function recordOf(record: DecisionRecord | undefined): DecisionRecord {
  if (record !== undefined) return record;
  throw new ForescaleError('not-on-record', 'this server keeps no record of its decisions');
}
