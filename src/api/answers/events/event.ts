import { type Static, Type } from 'typebox';
import { named } from '../../schemas/named.ts';
import { choice, orNull, unixSeconds } from '../../schemas/parts.ts';

/** What may happen to a workload, or to the server. */
const eventKinds = [
  'unavailable',
  'blind',
  'recovered',
  'forecast-ready',
  'forecast-lost',
  'trust-lost',
  'trust-regained',
  'reactive',
  'active',
  'cap-applied',
  'cap-ended',
  'trigger-changed',
  'mode-switched',
] as const;
export type EventKind = (typeof eventKinds)[number];

export const EventSchema = named(
  'Event',
  'Something that changed.',
  Type.Object({
    at: unixSeconds('when it was noticed'),
    namespace: orNull(Type.String({ description: 'null = it concerns the server', maxLength: 253 })),
    name: orNull(Type.String({ maxLength: 253 })),
    trigger: orNull(Type.String({ maxLength: 64 })),
    kind: choice([...eventKinds]),
    message: Type.String({ description: 'for people', maxLength: 1_000 }),
  }),
);
export type Event = Static<typeof EventSchema>;

export const EventsSchema = named(
  'Events',
  'What changed, oldest first.',
  Type.Object({
    from: unixSeconds('start'),
    to: unixSeconds('end'),
    events: Type.Array(EventSchema),
  }),
);

/** Events of the same kind and workload that are nearer in time are one, which two replicas noticed. */
const sameSeconds = 60;

/** What several replicas noticed, each event once and at its first time, oldest first. */
export function mergedEvents(parts: readonly (readonly Event[])[]): readonly Event[] {
  const newest = new Map<string, number>();
  return parts
    .flat()
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at, namespace, name, trigger, kind }) => {
      const key = JSON.stringify([namespace, name, trigger, kind]);
      const before = newest.get(key) ?? Number.NEGATIVE_INFINITY;
      if (at - before < sameSeconds) return false;
      newest.set(key, at);
      return true;
    });
}
