import { type ForescaleError, toForescaleError } from '../../platform/errors.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { type ClusterMetrics, type ClusterQuestion, selectorOf } from './cluster-metrics.ts';
import type { FollowedName } from './followers.ts';
import { type Hpa, hpaFinder, readHpas } from './hpas.ts';
import { namespaceBatches } from './namespace-batches.ts';
import { readReadyReplicas, targetKey } from './ready-replicas.ts';
import { renewed, type SeenHpa } from './workload-facts.ts';

interface Asked extends Omit<ClusterQuestion, 'selector'> {
  readonly metrics: ClusterMetrics;
  readonly matchers?: string | undefined;
}

/** What a look told of the HPAs of workloads, by their keys, and the failure of a part of it. */
interface Looked {
  readonly seen: ReadonlyMap<string, SeenHpa>;
  readonly failure: ForescaleError | undefined;
}

/**
 * Asks for the HPAs of all workloads, some namespaces at a time. What is not seen now, because a part failed or is not exported, is
 * taken from what was seen `before`, as far as that still holds. Rejects only where the signal aborts.
 */
export async function readSeenHpas(
  workloads: readonly FollowedName[],
  before: (key: string) => SeenHpa | undefined,
  asked: Asked,
): Promise<Looked> {
  const { atSeconds, signal } = asked;
  const byNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  const counts = new Map(Array.from(byNamespace, ([namespace, { length }]) => [namespace, length]));
  const seen = new Map<string, SeenHpa>();
  const slices = createTimeSlices({ signal });
  let failure: ForescaleError | undefined;
  for (const namespaces of namespaceBatches(counts)) {
    const inBatch = namespaces.flatMap((namespace) => byNamespace.get(namespace) ?? []);
    const now = await readBatch(namespaces, inBatch, asked).catch((thrown: unknown) => {
      signal.throwIfAborted();
      failure ??= toForescaleError(thrown);
      return undefined;
    });
    for (const { key } of inBatch) {
      const known = renewed(before(key), now?.get(key), atSeconds);
      if (known !== undefined) seen.set(key, known);
      if (slices.isOver()) await slices.nextTurn();
    }
  }
  return { seen, failure };
}

async function readBatch(
  namespaces: readonly string[],
  workloads: readonly FollowedName[],
  { matchers, ...at }: Asked,
): Promise<ReadonlyMap<string, SeenHpa>> {
  const question = { ...at, selector: selectorOf(namespaces, matchers) };
  const hpaOf = hpaFinder(await readHpas(question));
  const hpas = new Map<string, Hpa>();
  for (const { key, namespace, name } of workloads) {
    const hpa = hpaOf(namespace, name);
    if (hpa !== undefined) hpas.set(key, hpa);
  }
  const kinds = new Set(Array.from(hpas.values(), ({ target }) => target.kind));
  const ready = await readReadyReplicas(question, kinds);
  const { atSeconds } = at;
  return new Map(
    Array.from(hpas, ([key, hpa]) => [key, { hpa, ready: ready.get(targetKey(hpa.target)), atSeconds }]),
  );
}
