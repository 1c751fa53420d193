import { createForecaster, type Forecaster, modelOptionsFor, replay } from '../../forecast/index.ts';
import type { History } from '../../history/source.ts';
import { systemClock } from '../../platform/clock.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { calendarFlags } from '../calendars/calendar-flags.ts';
import { type GivenEvents, readCalendarFlag } from '../calendars/given-calendars.ts';
import type { CommandIo } from '../command-io.ts';
import type { FlagReading } from '../flags.ts';
import type { historyFlags } from '../history-flags.ts';
import type { seasonFlags } from '../model-flags.ts';
import { readHistoryInput } from './load-history.ts';

interface OpenedForecaster {
  readonly history: History;
  readonly forecaster: Forecaster;
  /** What `--calendar` says; undefined where it was not given. */
  readonly given: GivenEvents | undefined;
  /** Lets the forecaster learn the history, and the time without rows that follows it. */
  learn(): Promise<void>;
}

/**
 * Checks the flags, reads the history they name, and makes a forecaster for its rows, which has not seen them yet: how
 * every command begins that forecasts a history.
 */
export async function openForecaster(
  flags: FlagReading<typeof historyFlags & typeof seasonFlags & typeof calendarFlags>,
  io: CommandIo,
  wanted: {
    /** The newest moment of which anything is used. Default: the newest row of a CSV, now for a source. */
    readonly atSeconds?: number | undefined;
    /** How far ahead the forecaster will be asked. */
    readonly horizonSeconds: number;
  },
): Promise<OpenedForecaster> {
  const input = readHistoryInput(flags, io);
  const calendars = await readCalendarFlag(flags, io);
  flags.check();
  // The newest row of a CSV is its present, whenever that is.
  const presentSeconds = input.isCsv ? Number.POSITIVE_INFINITY : systemClock();
  const history = await input.load(wanted.atSeconds ?? presentSeconds);
  const { timestamps } = history;
  const given = await calendars.eventsAround(timestamps[0] ?? 0, timestamps.at(-1) ?? 0);
  const forecaster = explainSeasons(flags, history, () =>
    createForecaster({
      stepSeconds: history.stepSeconds,
      ...modelOptionsFor(flags.values, wanted.horizonSeconds),
      events: given?.events,
    }),
  );
  return {
    ...{ history, forecaster, given },
    async learn() {
      await replay(forecaster, history, { signal: io.signal });
      if (wanted.atSeconds !== undefined) passTime(forecaster, wanted.atSeconds);
    },
  };
}

/** Lets the forecaster know that time went by without rows, in whole steps of the rows so that their phase is kept. */
function passTime(forecaster: Forecaster, atSeconds: number): void {
  const { newestSeconds, stepSeconds } = forecaster;
  const steps = Math.floor((atSeconds - newestSeconds) / stepSeconds);
  if (Number.isFinite(steps) && steps > 0)
    forecaster.observe(newestSeconds + steps * stepSeconds, Number.NaN);
}

/** Turns what the core throws about seasons that do not fit the rows into a usage error, because the user can change them. */
function explainSeasons<T>(
  flags: FlagReading<typeof seasonFlags>,
  { stepSeconds }: History,
  make: () => T,
): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = flags.isGiven('seasonsSeconds')
      ? `--seasons: ${cause.message}; choose longer ones, or rows closer together`
      : `the rows are ${formatDuration(stepSeconds)} apart, too far to see the seasons of a day and a week; give rows closer together, such as an hour, or longer seasons with --seasons`;
    throw new ForescaleError('invalid-argument', message, { cause });
  }
}
