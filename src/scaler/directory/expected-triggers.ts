import type { KeptFacts } from '../cluster-facts/kept-facts.ts';
import type { ServedBefore } from '../decision/served-before.ts';
import type { TriggerRef } from '../workload-identity.ts';

/** A trigger that was asked for, how long ago, what was served for it last, and what the cluster said of it. */
export interface KnownTrigger extends TriggerRef {
  readonly askedSecondsAgo: number;
  readonly served?: ServedBefore | undefined;
  readonly cluster?: KeptFacts | undefined;
}

/** How a trigger is opened that was known before a restart. */
type OpenKnown = (ref: TriggerRef, how: Omit<KnownTrigger, keyof TriggerRef>) => unknown;

/**
 * Triggers that are known from before a restart and not open yet. There may be ten thousand, so that KEDA asks for some before their
 * turn has come: they are opened first then, with what was served for them, by which they are served no less.
 */
export function createExpectedTriggers(open: OpenKnown) {
  let byObject = new Map<string, readonly KnownTrigger[]>();
  return {
    expect(known: readonly KnownTrigger[]): void {
      byObject = Map.groupBy(known, objectOf);
    },
    /** Opens those of a ScaledObject. One that cannot be opened says so when its turn comes. */
    openOf(ref: TriggerRef): void {
      const expected = byObject.get(objectOf(ref)) ?? [];
      byObject.delete(objectOf(ref));
      for (const { namespace, name, scalerMetadata, ...how } of expected) {
        try {
          open({ namespace, name, scalerMetadata }, how);
        } catch {
          // Another trigger of the object may be right.
        }
      }
    },
  };
}

const objectOf = ({ namespace, name }: TriggerRef) => `${namespace}/${name}`;
