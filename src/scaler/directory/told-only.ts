import type { Entry } from './entry.ts';

/** The workloads that KEDA asks another replica for and never asked this one: they make room for what is asked for here. */
export interface ToldOnly {
  /** Takes note that an entry was told of, asked for, or closed. */
  note(entry: Entry): void;
  /** The one that has been among them for longest, of a namespace or of any. */
  first(namespace: string | undefined): Entry | undefined;
}

/** Finds them without a look at all workloads, because each question that finds the server full needs one. */
export function createToldOnly(): ToldOnly {
  const all = new Set<Entry>();
  const byNamespace = new Map<string, Set<Entry>>();

  function forget(entry: Entry): void {
    if (!all.delete(entry)) return;
    const { namespace } = entry.workload;
    const own = byNamespace.get(namespace);
    own?.delete(entry);
    if (own?.size === 0) byNamespace.delete(namespace);
  }

  return {
    note(entry) {
      const { asked, declared, isOpen, workload } = entry;
      const isTold = isOpen && !declared && asked.isElsewhere() && !asked.isHere();
      if (!isTold) return forget(entry);
      all.add(entry);
      const own = byNamespace.get(workload.namespace);
      if (own === undefined) byNamespace.set(workload.namespace, new Set([entry]));
      else own.add(entry);
    },
    first(namespace) {
      const [first] = (namespace === undefined ? all : byNamespace.get(namespace)) ?? [];
      return first;
    },
  };
}
