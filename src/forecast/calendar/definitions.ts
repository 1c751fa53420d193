import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const durationPattern = '^(?:0|(?:\\d+(?:\\.\\d+)?(?:ms|[smhdwy]))+)$';

/** Ratios that an event may be given; beyond them is a mistake of a unit. */
const ratioLimits = { minimum: 0.1, maximum: 10 } as const;
/** Longest name of an event, which people are shown. */
const longestName = 200;
/** Patterns of workloads that one calendar or event may have. */
const mostPatterns = 100;

/** What an event does: at most one of `like`, `ratio` and `ignore`; without any its effect is learned. */
const effect = {
  kind: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: longestName,
      description: 'events of one kind teach one another',
    }),
  ),
  like: Type.Optional(
    Type.Enum(['saturday', 'sunday'], {
      type: 'string',
      description: 'day of the week that such events may be like, as far as past ones were',
    }),
  ),
  ratio: Type.Optional(
    Type.Number({
      ...ratioLimits,
      description: 'demand over that of an ordinary day, instead of learning it',
    }),
  ),
  ignore: Type.Optional(Type.Boolean({ description: 'true: nothing is learned from such a time' })),
  ramp: Type.Optional(
    Type.String({
      pattern: durationPattern,
      description: 'how long the effect fades in before the start and out after the end; default 0',
    }),
  ),
};

const WorkloadPattern = Type.String({ pattern: '^[-.a-z0-9*]+/[-.a-z0-9*]+$' });
const patternList = {
  maxItems: mostPatterns,
  description: 'workloads that have it, as namespace/name, where * stands for any characters',
};

const moment = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d)?(?:Z|[+-]\\d\\d:\\d\\d)?)?$',
    description,
  });

const listedEvent = {
  name: Type.String({ minLength: 1, maxLength: longestName, description: 'what people are shown' }),
  from: moment('first moment: a date, or a time such as 2026-11-27T18:00, with Z or an offset if it has one'),
  to: Type.Optional(moment('first moment after it; a date is that whole day')),
  duration: Type.Optional(
    Type.String({
      pattern: durationPattern,
      description: 'how long it lasts, instead of to; default: the day, or an hour',
    }),
  ),
  timeZone: Type.Optional(Type.String({ description: 'IANA zone of from and to; default: the calendar’s' })),
  ...effect,
};

/** One event, as a file or the configuration lists it. */
const ListedEventSchema = Type.Object(listedEvent, closed);
export type ListedEvent = Static<typeof ListedEventSchema>;

/** One event, as the API takes it: it says itself which workloads have it. */
export const AddedEventSchema = Type.Object(
  { ...listedEvent, workloads: Type.Array(WorkloadPattern, { ...patternList, minItems: 1 }) },
  closed,
);
export type AddedEvent = Static<typeof AddedEventSchema>;

/** A file of events, in YAML or JSON. */
export const EventFileSchema = Type.Object(
  { events: Type.Array(ListedEventSchema, { maxItems: 5_000 }) },
  closed,
);

/** Days that every calendar has. */
const namedDays = ['month-end', 'first-of-month'] as const;
export type NamedDay = (typeof namedDays)[number];
/** Types of holidays, as date-holidays tells them apart. */
const holidayTypes = ['public', 'bank', 'school', 'optional', 'observance'] as const;

const HolidaysSchema = Type.Object(
  {
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 code: DE' }),
    state: Type.Optional(Type.String({ minLength: 1, description: 'state or county within it: BY' })),
    region: Type.Optional(Type.String({ minLength: 1, description: 'region within the state: A' })),
    types: Type.Optional(
      Type.Array(Type.Enum([...holidayTypes]), {
        minItems: 1,
        description: 'which holidays; default public',
      }),
    ),
  },
  closed,
);

/** What a calendar is read from: exactly one of these. */
export const calendarSources = ['file', 'url', 'holidays', 'days', 'events'] as const;

/** What a calendar is, besides where it is found. */
export const calendarProperties = {
  name: Type.String({
    pattern: '^[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?$',
    maxLength: 63,
    description: 'what the trigger key calendar gives',
  }),
  file: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'path of an iCalendar file (.ics), or of a list of events in YAML or JSON',
    }),
  ),
  holidays: Type.Optional(HolidaysSchema),
  days: Type.Optional(
    Type.Array(Type.Enum([...namedDays]), { minItems: 1, description: 'days that come every month' }),
  ),
  events: Type.Optional(
    Type.Array(ListedEventSchema, { maxItems: 1_000, description: 'events that are listed here' }),
  ),
  refreshInterval: Type.Optional(
    Type.String({
      pattern: durationPattern,
      default: '15m',
      description: 'how often the file or URL is read again; at least 1m',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({
      description: 'IANA zone of days and of times that name none; default: what the source says, else UTC',
    }),
  ),
  workloads: Type.Optional(Type.Array(WorkloadPattern, patternList)),
  ...effect,
};

const DefinitionSchema = Type.Object({ ...calendarProperties, url: Type.Optional(Type.String()) });

/** A calendar as the configuration has it. */
export type CalendarDefinition = Static<typeof DefinitionSchema>;
/** What an event does, as it is configured. */
export type EffectWords = {
  readonly [Word in 'kind' | 'like' | 'ratio' | 'ignore' | 'ramp']?: ListedEvent[Word] | undefined;
};
