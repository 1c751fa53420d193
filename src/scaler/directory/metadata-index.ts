import { digestOf, type TriggerRef } from '../workload-identity.ts';
import type { Entry } from './entry.ts';

/** Texts of metadata that are kept beside a workload, so that it is found by comparing them; larger ones are hashed each time. */
const mostKeptCharacters = 4_096;
/** Metadata of one workload that are known by their digests. */
const mostDigests = 4;

/** Finds workloads by what was asked for, whatever the order of its keys; without workloads at first. */
export function createMetadataIndex() {
  const byDigest = new Map<string, Entry>();
  return {
    /** The workload that was asked for by these metadata before; `siblings` are those of the same ScaledObject. */
    find(ref: TriggerRef, siblings: readonly Entry[], isDeclared = false): Entry | undefined {
      for (const entry of siblings)
        if (entry.declared === isDeclared && isSame(entry.newestMetadata, ref.scalerMetadata)) return entry;
      const found = byDigest.get(metadataDigest(ref, isDeclared));
      if (found !== undefined) found.newestMetadata = keptOf(ref.scalerMetadata);
      return found;
    },
    /** Takes note that the metadata ask for the workload. */
    remember(entry: Entry, ref: TriggerRef): Entry {
      const digest = metadataDigest(ref, entry.declared);
      byDigest.set(digest, entry);
      const digests = entry.metadataDigests.concat(digest);
      const forgotten = digests.slice(0, -mostDigests);
      for (const one of forgotten) byDigest.delete(one);
      entry.metadataDigests = digests.slice(forgotten.length);
      entry.newestMetadata = keptOf(ref.scalerMetadata);
      return entry;
    },
    forget({ metadataDigests }: Entry): void {
      for (const digest of metadataDigests) byDigest.delete(digest);
    },
    clear: () => byDigest.clear(),
  };
}

function metadataDigest({ namespace, name, scalerMetadata }: TriggerRef, isDeclared: boolean): string {
  return digestOf([namespace, name, isDeclared, scalerMetadata]);
}

type Metadata = TriggerRef['scalerMetadata'];

/** KEDA sends all metadata with every call, in whatever order. Comparing some keys costs a hundredth of hashing them. */
function isSame(known: Metadata | undefined, asked: Metadata): boolean {
  if (known === undefined) return false;
  let more = 0;
  for (const name in known) {
    if (known[name] !== asked[name]) return false;
    more++;
  }
  for (const _name in asked) more--;
  return more === 0;
}

function keptOf(metadata: Metadata): Metadata | undefined {
  let characters = 0;
  for (const name in metadata) characters += name.length + (metadata[name]?.length ?? 0);
  return characters > mostKeptCharacters ? undefined : metadata;
}
