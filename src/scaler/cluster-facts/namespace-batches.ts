/** Objects that one query may be about: with their labels some hundred kilobytes, parsed in some milliseconds. */
const mostWorkloads = 500;
const mostNamespaces = 100;

/** Namespaces that are asked about together, by how many workloads are followed in each. */
export function namespaceBatches(workloadsByNamespace: ReadonlyMap<string, number>): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const [namespace, workloads] of workloadsByNamespace) {
    const batch = batches.at(-1);
    if (batch === undefined || workloads > room || batch.length >= mostNamespaces) {
      batches.push([namespace]);
      room = mostWorkloads - workloads;
      continue;
    }
    batch.push(namespace);
    room -= workloads;
  }
  return batches;
}
