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

/** Longest message, characters: an answer with a longer one is none to a peer. */
export const longestMessage = 1_000;

export const EventSchema = named(
  'Event',
  'Something that changed.',
  Type.Object({
    at: unixSeconds('when it was noticed'),
    namespace: orNull(Type.String({ description: 'null = it concerns the server', maxLength: 253 })),
    name: orNull(Type.String({ maxLength: 253 })),
    trigger: orNull(Type.String({ maxLength: 64 })),
    kind: choice([...eventKinds]),
    message: Type.String({ description: 'for people', maxLength: longestMessage }),
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

/**
 * The newest events, at most so many. Where there are more, each namespace and the server itself keep as many as another, so that one
 * whose source comes and goes does not push out the rest. The order stays.
 */
export function newestOfEach(events: readonly Event[], most: number): readonly Event[] {
  if (events.length <= most) return events;
  const indexes = Map.groupBy(events.keys(), (index) => events[index]?.namespace ?? null);
  const rising = [...indexes.values()].sort((a, b) => a.length - b.length);
  const kept = new Set<number>();
  for (const [place, own] of rising.entries()) {
    const share = Math.floor((most - kept.size) / (rising.length - place));
    for (const index of own.slice(Math.max(0, own.length - share))) kept.add(index);
  }
  return events.filter((_, index) => kept.has(index));
}

/** Events of the same kind and workload that are nearer in time are one, which two replicas noticed. */
const sameSeconds = 60;

/** What several replicas noticed, each event once and at its first time, oldest first. What one replica noticed twice happened twice. */
export function mergedEvents(parts: readonly (readonly Event[])[]): readonly Event[] {
  const all = parts
    .flatMap((events, part) => events.map((event) => ({ event, seenBy: new Set([part]) })))
    .toSorted((a, b) => a.event.at - b.event.at);
  const open = new Map<string, (typeof all)[number][]>();
  const kept: Event[] = [];
  for (const one of all) {
    const key = keyOf(one.event);
    const [part = 0] = one.seenBy;
    const recent = (open.get(key) ?? []).filter(({ event }) => one.event.at - event.at < sameSeconds);
    const same = recent.find(({ seenBy }) => !seenBy.has(part));
    if (same === undefined) kept.push(one.event);
    else same.seenBy.add(part);
    open.set(key, same === undefined ? [...recent, one] : recent);
  }
  return kept;
}

/** Sentences of the same event may differ in numbers, but those about the server say which way it went. */
function keyOf({ namespace, name, trigger, kind, message }: Event): string {
  return JSON.stringify([namespace, name, trigger, kind, namespace === null ? message : '']);
}
