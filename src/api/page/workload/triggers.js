import { queryOf } from '../frame/address.js';
import { byId, element, fill, setShown } from '../frame/dom.js';
import { get } from '../live.js';

/** How long what is known of a workload's triggers is used, ms. */
const keptMs = 20_000;
let known = { what: '', atMs: 0, triggers: [] };

/**
 * The trigger to ask for: undefined where the ScaledObject has one, which needs no name, so that a link to it survives edits; of
 * several the one in the link, or the first where the link's is gone.
 */
export async function triggerOf({ namespace, name, parameters }) {
  const what = `${namespace}/${name}`;
  if (known.what !== what || performance.now() - known.atMs > keptMs) {
    const { workloads } = await get(`/api/v1/workloads${queryOf({ namespace, search: what, limit: 1000 })}`);
    const triggers = workloads.filter((workload) => workload.name === name).map(({ trigger }) => trigger);
    // The list is worst first, which changes; which of the triggers is shown does not.
    known = { what, atMs: performance.now(), triggers: triggers.sort() };
  }
  if (known.triggers.length < 2) return undefined;
  return known.triggers.includes(parameters.trigger) ? parameters.trigger : known.triggers[0];
}

/** Lets one of several triggers be chosen. */
export function offerTriggers({ namespace, name }, chosen) {
  const triggers = known.what === `${namespace}/${name}` ? known.triggers : [];
  setShown(byId('trigger').parentElement, triggers.length > 1);
  fill(byId('trigger'), triggers.join(), () =>
    triggers.map((trigger) => element('option', { value: trigger, textContent: trigger })),
  );
  if (chosen !== undefined) byId('trigger').value = chosen;
}
