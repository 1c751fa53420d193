import { createCounts } from '../../platform/turns/counts.ts';
import type { TriggerRef } from '../workload-identity.ts';
import { type Entry, setAside } from './entry.ts';
import { createToldOnly } from './told-only.ts';

/** Says why an entry is to be closed; undefined = it stays. */
type EventOf = (entry: Entry, siblings: readonly Entry[]) => string | undefined;

/** The open workloads of a server. */
export interface EntryTable {
  readonly count: number;
  inNamespace(namespace: string): number;
  /** Those of one ScaledObject, in the order of opening. */
  siblingsOf(ref: Pick<TriggerRef, 'namespace' | 'name'>): readonly Entry[];
  /** Those of all ScaledObjects, by these. */
  all(): readonly (readonly Entry[])[];
  add(entry: Entry): void;
  /** Takes note that an entry was asked for, or told of by a peer. */
  noteAsked(entry: Entry): void;
  /** Closes the entries for which `eventOf` gives a reason; declared ones stay. */
  closeWhere(eventOf: EventOf): void;
  /** The same, one ScaledObject after the other. */
  closingWhere(eventOf: EventOf): Iterable<void>;
  /** Closes those that a later one of the same ScaledObject has replaced; it looks at no other. */
  closeSetAside(): void;
  /** Closes one, of a namespace or of any, that no KEDA ever asked this replica for. */
  closeOneTold(namespace: string | undefined): void;
  clear(): void;
}

/** `onClose` is told of each entry that is closed, and why. */
export function createEntryTable(onClose: (entry: Entry, event: string) => void): EntryTable {
  const objects = new Map<string, readonly Entry[]>();
  /** ScaledObjects with several entries, of which one may have replaced another. */
  const several = new Set<string>();
  const perNamespace = createCounts();
  const toldOnly = createToldOnly();
  let count = 0;

  const objectOf = ({ namespace, name }: Pick<TriggerRef, 'namespace' | 'name'>) => `${namespace}/${name}`;

  function setSiblings(object: string, siblings: readonly Entry[]): void {
    if (siblings.length === 0) objects.delete(object);
    else objects.set(object, siblings);
    if (siblings.length > 1) several.add(object);
    else several.delete(object);
  }

  function closeAmong(object: string, eventOf: EventOf): void {
    const siblings = objects.get(object) ?? [];
    const kept = siblings.filter((entry) => {
      const event = entry.declared ? undefined : eventOf(entry, siblings);
      if (event !== undefined) close(entry, event);
      return event === undefined;
    });
    if (kept.length < siblings.length) setSiblings(object, kept);
  }

  function close(entry: Entry, event: string): void {
    perNamespace.add(entry.workload.namespace, -1);
    count--;
    entry.isOpen = false;
    toldOnly.note(entry);
    onClose(entry, event);
  }

  return {
    get count() {
      return count;
    },
    inNamespace: perNamespace.of,
    siblingsOf: (ref) => objects.get(objectOf(ref)) ?? [],
    all: () => [...objects.values()],
    add(entry) {
      const object = objectOf(entry.workload);
      // `concat` makes a list with room for one, where another way has room for many.
      setSiblings(object, (objects.get(object) ?? []).concat(entry));
      perNamespace.add(entry.workload.namespace, 1);
      count++;
      toldOnly.note(entry);
    },
    noteAsked: toldOnly.note,
    closeWhere(eventOf) {
      for (const object of objects.keys()) closeAmong(object, eventOf);
    },
    *closingWhere(eventOf) {
      for (const object of objects.keys()) yield closeAmong(object, eventOf);
    },
    closeSetAside() {
      for (const object of several) closeAmong(object, setAside);
    },
    closeOneTold(namespace) {
      const told = toldOnly.first(namespace);
      if (told === undefined) return;
      closeAmong(objectOf(told.workload), (entry) => (entry === told ? 'workload-set-aside' : undefined));
    },
    clear() {
      objects.clear();
      several.clear();
    },
  };
}
