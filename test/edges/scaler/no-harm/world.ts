import type { ModelFault, Scenario, SourceEpisode, SourceFault } from './scenario.ts';

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
