import { Type } from 'typebox';
import { AddedEventSchema } from '../../forecast/index.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { answers, NoParameters } from '../instance.ts';
import { findWorkload, WorkloadPath, workloadQuery } from '../routes/find-workload.ts';
import { Duration, secondsOf } from '../routes/parameters.ts';
import type { Route } from '../routes/route.ts';
import {
  AddedAnswerSchema,
  CalendarsSchema,
  RemovedSchema,
  WorkloadCalendarSchema,
} from '../schemas/calendars.ts';
import { named } from '../schemas/named.ts';
import { eventsOfModel, nextEvents } from './known-event.ts';

const daySeconds = 86_400;
/** Next events of each calendar in the list. */
const mostNext = 5;
const tags = ['calendars'];

/** `GET /api/v1/calendars`: what is known of the calendars of the server. */
export const listCalendarsRoute: Route = (app, { calendars, clock }) => {
  if (calendars === undefined) return;
  app.get(
    '/api/v1/calendars',
    {
      schema: {
        ...{
          operationId: 'listCalendars',
          tags,
          querystring: NoParameters,
          response: answers(CalendarsSchema),
        },
        summary: 'Calendars of the server, how they stand, and the events that were added at run time',
      },
    },
    () => ({
      calendars: calendars
        .calendars()
        .map(({ events, readAt, failure, failureReason: _, warnings, workloads, ...one }) => ({
          ...one,
          ...{ workloads: [...workloads], warnings: [...warnings] },
          events: events.length,
          next: nextEvents(events, clock(), mostNext),
          ...(readAt === undefined ? {} : { readAt }),
          ...(failure === undefined ? {} : { failure }),
        })),
      added: [...calendars.added()],
    }),
  );
};

/** `GET /api/v1/workloads/{namespace}/{name}/calendar`: the events that a workload has. */
export const getWorkloadCalendarRoute: Route = (app, { directory, clock }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/calendar',
    {
      schema: {
        operationId: 'getWorkloadCalendar',
        summary:
          'Events of calendars that a workload has, past and future, and what those ahead are expected to do',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({
          range: Type.Optional(
            Duration('how far back and ahead (default 30d)', { maximumSeconds: 366 * daySeconds }),
          ),
        }),
        response: answers(WorkloadCalendarSchema),
      },
    },
    ({ params, query }) => {
      const { model } = findWorkload(directory, params, query.trigger);
      const rangeSeconds = secondsOf(query.range, 30 * daySeconds);
      const [from, to] = [clock() - rangeSeconds, clock() + rangeSeconds];
      return { from, to, events: eventsOfModel(model, from, to) };
    },
  );
};

/** `POST /api/v1/calendars/events`: adds an event to workloads. */
export const addCalendarEventRoute: Route = (app, { calendars, guard }) => {
  if (calendars === undefined) return;
  app.post(
    '/api/v1/calendars/events',
    {
      onRequest: guard,
      schema: {
        operationId: 'addCalendarEvent',
        summary: 'Add an event to workloads, or have nothing learned from a time',
        description:
          'Every replica takes it within seconds, and keeps it across restarts where it has a state directory. Its models learn anew, beside those that answer.',
        tags,
        security: [{ token: [] }],
        querystring: NoParameters,
        body: named('AddEvent', 'The event, and which workloads have it.', AddedEventSchema),
        response: answers(AddedAnswerSchema),
      },
    },
    ({ body }) => calendars.add(body),
  );
};

/** `DELETE /api/v1/calendars/events/{id}`: removes an event that was added. */
export const removeCalendarEventRoute: Route = (app, { calendars, guard }) => {
  if (calendars === undefined) return;
  app.delete(
    '/api/v1/calendars/events/:id',
    {
      onRequest: guard,
      schema: {
        operationId: 'removeCalendarEvent',
        summary: 'Remove an event that was added at run time',
        tags,
        security: [{ token: [] }],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }, { additionalProperties: false }),
        querystring: NoParameters,
        response: answers(RemovedSchema),
      },
    },
    async ({ params: { id } }) => {
      if (await calendars.remove(id)) return { removed: id };
      const message = `no event was added with the id "${id}"; GET /api/v1/calendars lists those that were. Events of calendars are changed where they are read from`;
      throw new ForescaleError('not-found', message);
    },
  );
};
