import type { CalendarEvent } from '../../src/forecast/core/index.ts';
import { readCalendar } from '../../src/forecast/index.ts';
import { levels } from '../horizons.ts';
import type { Trace } from '../replay/trace.ts';
import { type Replay, type ReplayOptions, replayTrace } from '../replay/trace-replay.ts';
import { places, type TracePlace } from './places.ts';

/** What a calendar of public holidays does to the error on a trace. */
export interface CalendarOutcome {
  readonly name: string;
  readonly place: TracePlace;
  /** Holidays with rows, before the forecasts that are scored and among them. */
  readonly holidaysBefore: number;
  readonly holidaysScored: number;
  readonly horizonsSeconds: readonly number[];
  readonly onHolidays: CalendarScore;
  readonly onOtherDays: CalendarScore;
}

/** Scores with the calendar beside those without it, over the same forecasts. NaN where there is none. */
export interface CalendarScore {
  /** Sum of absolute errors ÷ that without a calendar, by horizon and over all of them. */
  readonly byHorizon: readonly number[];
  readonly all: number;
  /** Share of values at or below the 0.95 bound, without and with the calendar. */
  readonly plainCoverage: number;
  readonly coverage: number;
  /** Sum of the 0.95 bounds ÷ that without a calendar. */
  readonly bound: number;
}

const daySeconds = 86_400;

/** Forecasts a trace with the public holidays of its country and without; undefined where its country is not known. */
export async function measureCalendar(
  trace: Trace,
  options: ReplayOptions,
): Promise<CalendarOutcome | undefined> {
  const place = places[trace.name];
  if (place === undefined) return undefined;
  const events = await holidaysOf(trace, place);
  const plain = await replayTrace(trace, options);
  const known = await replayTrace(trace, { ...options, events });
  const { firstSeconds, stepSeconds } = trace.grid;
  const scoredFrom = firstSeconds + (plain.origins[0] ?? 0) * stepSeconds;
  const seen = events.filter((event) => hasRows(trace, event));
  const score = (ofHolidays: boolean) =>
    scoreOf(trace, plain, known, (at) => events.some((event) => contains(event, at)) === ofHolidays);
  return {
    name: trace.name,
    place,
    holidaysBefore: seen.filter(({ endSeconds }) => endSeconds <= scoredFrom).length,
    holidaysScored: seen.filter(({ startSeconds }) => startSeconds >= scoredFrom).length,
    horizonsSeconds: plain.horizonsSeconds,
    onHolidays: score(true),
    onOtherDays: score(false),
  };
}

const contains = ({ startSeconds, endSeconds }: CalendarEvent, unixSeconds: number) =>
  unixSeconds > startSeconds && unixSeconds <= endSeconds;

async function holidaysOf({ grid, history }: Trace, { country, labelsStart }: TracePlace) {
  const { firstSeconds, stepSeconds, values } = grid;
  const { events } = await readCalendar(
    { name: country, holidays: { country }, timeZone: 'UTC' },
    undefined,
    {
      fromSeconds: firstSeconds - daySeconds,
      toSeconds: firstSeconds + values.length * stepSeconds + daySeconds,
    },
  );
  const early = labelsStart ? history.stepSeconds : 0;
  return events.map((event) => ({
    ...event,
    startSeconds: event.startSeconds - early,
    endSeconds: event.endSeconds - early,
  }));
}

function hasRows({ grid }: Trace, event: CalendarEvent): boolean {
  return grid.values.some(
    (value, i) => !Number.isNaN(value) && contains(event, grid.firstSeconds + i * grid.stepSeconds),
  );
}

function scoreOf(
  { grid }: Trace,
  plain: Replay,
  known: Replay,
  counts: (unixSeconds: number) => boolean,
): CalendarScore {
  const [median, high] = [levels.indexOf(0.5), levels.indexOf(0.95)];
  const total = { count: 0, error: 0, plainError: 0, covered: 0, plainCovered: 0, bound: 0, plainBound: 0 };
  const byHorizon = plain.horizonsSeconds.map((seconds, h) => {
    let error = 0;
    let plainError = 0;
    for (const [i, origin] of plain.origins.entries()) {
      const at = origin + seconds / grid.stepSeconds;
      const truth = grid.values[at] ?? Number.NaN;
      const [ours, theirs] = [known.paths[h]![median]![i]!, plain.paths[h]![median]![i]!];
      if (Number.isNaN(truth + ours + theirs) || !counts(grid.firstSeconds + at * grid.stepSeconds)) continue;
      const [bound, plainBound] = [known.paths[h]![high]![i]!, plain.paths[h]![high]![i]!];
      error += Math.abs(truth - ours);
      plainError += Math.abs(truth - theirs);
      total.count++;
      total.covered += truth <= bound ? 1 : 0;
      total.plainCovered += truth <= plainBound ? 1 : 0;
      total.bound += bound;
      total.plainBound += plainBound;
    }
    total.error += error;
    total.plainError += plainError;
    return error / plainError;
  });
  return {
    byHorizon,
    all: total.error / total.plainError,
    coverage: total.covered / total.count,
    plainCoverage: total.plainCovered / total.count,
    bound: total.bound / total.plainBound,
  };
}
