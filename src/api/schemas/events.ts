import { type Static, Type } from 'typebox';
import { named } from './named.ts';
import { choice, orNull, unixSeconds } from './parts.ts';

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
  'calendar-changed',
  'calendar-failed',
  'calendar-read',
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
