import { archivedTail } from '../../history/archive/archived-tail.ts';
import { rollUpSecondsOf } from '../../history/archive/roll-ups/roll-up.ts';
import { markingCensored } from '../../history/censored.ts';
import { fillingEmpty } from '../../history/empty-is-zero.ts';
import type { HistorySource, RangeReader } from '../../history/source.ts';
import { createHistoryTail, type HistoryTail } from '../../history/tail.ts';
import type { EventsNow } from '../archived/applied-effects.ts';
import { type CalendarEvent, type ForecasterOptions, gridSecondsFor } from '../core/index.ts';
import type { DemandQuery } from '../demand-query.ts';
import type { LearnedHistoryOptions } from '../snapshots/learned-history.ts';
import type { DemandModelSetting } from './demand-model-setting.ts';
import { atOnce } from './first-reads.ts';

/** The history of one query, as it is learned. A class, as StartingFleet of the controllers is. */
export class QueryHistory implements LearnedHistoryOptions {
  readonly #asked: DemandQuery;
  readonly #source: HistorySource;
  readonly #setting: DemandModelSetting;
  readonly #settleSeconds: number;
  readonly #events: EventsNow;

  constructor(
    asked: DemandQuery,
    source: HistorySource,
    setting: DemandModelSetting,
    { settleSeconds, events }: { readonly settleSeconds: number; readonly events: EventsNow },
  ) {
    this.#asked = asked;
    this.#source = source;
    this.#setting = setting;
    this.#settleSeconds = settleSeconds;
    this.#events = events;
  }

  get takeTurn() {
    return this.#setting.takeTurn ?? atOnce;
  }

  get clock() {
    return this.#setting.clock;
  }

  get threads() {
    return this.#setting.threads;
  }

  get snapshots() {
    return this.#setting.snapshots;
  }

  get mostAgeSeconds(): number {
    return this.#asked.historySeconds / 2;
  }

  eventsNow(): readonly CalendarEvent[] {
    return this.#events.eventsNow();
  }

  forecasterOptions(events: readonly CalendarEvent[]): ForecasterOptions {
    const { stepSeconds, model } = this.#asked;
    return { stepSeconds, ...model, events };
  }

  /** The rows of the history, which are archived as they are read where there is an archive for them. */
  createTail(readUntilSeconds?: number, knownUntilSeconds?: number): HistoryTail {
    const asked = this.#asked;
    const { query, stepSeconds, historySeconds: windowSeconds } = asked;
    const settleSeconds = this.#settleSeconds;
    const source = historyOf(asked, this.#source, knownUntilSeconds);
    const options = { source, query, stepSeconds, windowSeconds, settleSeconds, readUntilSeconds };
    const tail = createHistoryTail(options);
    const { archive } = this.#setting;
    return archive === undefined || !isArchived(asked) ? tail : archivedTail(tail, archive, asked);
  }

  onEventsLearned(): void {
    this.#setting.onEventsLearned?.();
  }

  onEventsRefused(reason: string): void {
    const { query, shownQuery = query } = this.#asked;
    this.#setting.log.warn({ query: shownQuery, reason }, 'calendar-not-learned');
  }
}

/** Days that are compressed into minutes are none any more in roll-ups of five. */
export function isArchived({ stepSeconds, model }: DemandQuery): boolean {
  return gridSecondsFor(stepSeconds, model.seasonsSeconds?.[0]) >= rollUpSecondsOf(stepSeconds);
}

/**
 * The source of the rows to learn: where an empty answer means no demand they are zeros, and they are marked where demand was
 * cut off, if it is known at which capacity. It follows one reading, which goes on where there are rows already.
 */
function historyOf(
  asked: DemandQuery,
  source: HistorySource,
  knownUntilSeconds: number | undefined,
): RangeReader {
  const { replicasQuery, capacityPerReplica } = asked;
  const filled = fillingEmpty(source, { ...asked, knownUntilSeconds });
  return replicasQuery === undefined || capacityPerReplica === undefined
    ? filled
    : markingCensored(filled, { replicasQuery, capacityPerReplica });
}
