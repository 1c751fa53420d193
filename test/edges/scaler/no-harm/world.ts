import type { CalendarEvent } from '../../../../src/forecast/index.ts';
import type { CalendarEpisode, ModelFault, Scenario, SourceEpisode, SourceFault } from './scenario.ts';

/** The time, the faults and the switch that every replica of a scenario shares. */
export interface World {
  readonly scenario: Scenario;
  /** Number of the present poll. */
  poll: number;
  /** True time, by which the source answers; it only grows. */
  trueSeconds: number;
  /** What the clock of the servers says. */
  clockSeconds: number;
  isForcedReactive: boolean;
}

export function createWorld(scenario: Scenario): World {
  const { startSeconds } = scenario;
  return {
    scenario,
    poll: 0,
    trueSeconds: startSeconds,
    clockSeconds: startSeconds,
    isForcedReactive: false,
  };
}

/** How the source answers a question for a query now; undefined = well. */
export function sourceFault(
  { scenario, poll }: World,
  query: number,
  of: 'instant' | 'range',
): SourceFault | undefined {
  const covers = (episode: SourceEpisode) =>
    episode.query === query && (episode.of === 'both' || episode.of === of) && isNow(episode, poll);
  return scenario.sourceEpisodes.find(covers)?.fault;
}

const eventsOfEpisodes = new WeakMap<CalendarEpisode, readonly CalendarEvent[]>();
const noEvents: readonly CalendarEvent[] = [];

/** The events that the calendar of a query has now. */
export function calendarNow({ scenario, poll }: World, query: number): readonly CalendarEvent[] {
  const episode = scenario.calendarEpisodes.find((one) => one.query === query && isNow(one, poll));
  if (episode === undefined) return noEvents;
  const known = eventsOfEpisodes.get(episode);
  if (known !== undefined) return known;
  const { startSeconds } = scenario;
  const events = episode.events.map((one) => ({
    ...one,
    startSeconds: startSeconds + one.startSeconds,
    endSeconds: startSeconds + one.endSeconds,
  }));
  eventsOfEpisodes.set(episode, events);
  return events;
}

/** How the model of a query answers now; undefined = as it is made. */
export function modelFault({ scenario, poll }: World, query: number): ModelFault | undefined {
  return scenario.modelEpisodes.find((episode) => episode.query === query && isNow(episode, poll))?.fault;
}

function isNow({ from, polls }: { readonly from: number; readonly polls: number }, poll: number): boolean {
  return from <= poll && poll < from + polls;
}

/** The number of a query by the name that triggers give it. */
export function queryNumber(query: string): number {
  return Number(query.slice(1));
}

export function queryName(query: number): string {
  return `q${query}`;
}
