import { type Static, Type } from 'typebox';
import { AddedEventSchema } from '../../forecast/index.ts';
import { named } from './named.ts';
import { choice, unixSeconds } from './parts.ts';

const KnownEventSchema = named(
  'CalendarEvent',
  'An event of a calendar, as Forescale understood it.',
  Type.Object({
    from: unixSeconds('its first second'),
    to: unixSeconds('the first second after it'),
    name: Type.String(),
    kind: Type.String({ description: 'events of one kind teach one another' }),
    effect: choice(['learned', 'given', 'ignored'], {
      description:
        'learned from earlier ones, given as a ratio, or ignored: nothing is learned from that time',
    }),
    like: Type.Optional(
      choice(['saturday', 'sunday'], { description: 'what the first one is taken to be like' }),
    ),
    ratio: Type.Optional(
      Type.Number({ description: 'demand over that of an ordinary day, where it is given' }),
    ),
    rampSeconds: Type.Number({ description: 'how long the effect fades in and out' }),
    expectedRatio: Type.Optional(
      Type.Number({
        description:
          'of an event of a workload that is not over: demand over that of an ordinary day, over all of it, as far as it is believed',
      }),
    ),
    occurrences: Type.Optional(
      Type.Integer({ description: 'earlier events that expectedRatio was learned or measured from' }),
    ),
  }),
);
export type KnownEvent = Static<typeof KnownEventSchema>;

/** Events that an answer was made with, where calendars were asked for. */
export const EventsUsed = Type.Optional(
  Type.Array(KnownEventSchema, { description: 'events that count, where calendars were asked for' }),
);

const AddedStandingSchema = named(
  'AddedEvent',
  'An event that was added at run time.',
  Type.Object({ id: Type.String(), addedAt: unixSeconds('when it was added'), event: AddedEventSchema }),
);

export const AddedAnswerSchema = AddedStandingSchema;

export const CalendarsSchema = named(
  'Calendars',
  'The calendars of the configuration, and the events that were added at run time.',
  Type.Object({
    calendars: Type.Array(
      Type.Object({
        name: Type.String(),
        source: Type.String({ description: 'where it is read from, without what may be secret' }),
        workloads: Type.Array(Type.String(), { description: 'patterns of the workloads that have it' }),
        events: Type.Integer({ description: 'events of last year, this year and next year' }),
        next: Type.Array(KnownEventSchema, { description: 'those of now and the next ones, at most five' }),
        warnings: Type.Array(Type.String(), { description: 'what could not be read, or may surprise' }),
        readAt: Type.Optional(unixSeconds('when it was read last')),
        failure: Type.Optional(
          Type.String({ description: 'why the newest try failed; the last good reading counts meanwhile' }),
        ),
      }),
    ),
    added: Type.Array(AddedStandingSchema),
  }),
);

export const WorkloadCalendarSchema = named(
  'WorkloadCalendar',
  'The events that a workload has, oldest first.',
  Type.Object({
    from: unixSeconds('start'),
    to: unixSeconds('end'),
    events: Type.Array(KnownEventSchema),
  }),
);

export const RemovedSchema = named(
  'RemovedEvent',
  'An event that was removed.',
  Type.Object({ removed: Type.String({ description: 'its id' }) }),
);
