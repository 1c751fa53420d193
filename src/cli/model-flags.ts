import type { Command } from 'commander';
import { isTimeZone, type ModelOptions } from '../forecast/core/index.ts';
import { ForescaleError } from '../platform/errors.ts';
import type { FlagValues } from './flag-values.ts';

/** Flags of the seasons a demand model follows. */
export interface SeasonFlags {
  readonly seasons?: string;
  readonly timeZone?: string;
}

/** Flags of what is asked of a demand model, the same for every command that makes one. */
export interface ModelFlags extends SeasonFlags {
  readonly quantiles: string;
}

export function addModelOptions(command: Command): Command {
  return addSeasonOptions(
    command.option('--quantiles <list>', 'probabilities between 0 and 1', '0.5,0.9,0.95,0.99'),
  );
}

export function addSeasonOptions(command: Command): Command {
  return command
    .option('--seasons <list>', 'lengths of the seasons, such as 4m,28m (default: 1d,7d)')
    .option('--time-zone <name>', 'IANA zone whose clocks days and weeks follow (default: UTC)');
}

/** The model options that flags can say. */
export type SeasonWishes = Omit<ModelOptions, 'maxHorizonSeconds'>;

export interface ModelWishes extends SeasonWishes {
  readonly quantiles: readonly number[];
}

/** The wishes the flags describe. Faults are collected. */
export function readModelWishes(flags: ModelFlags, values: FlagValues): ModelWishes {
  const quantiles = values.list('--quantiles', flags.quantiles, (flag, item) =>
    readQuantile(flag, item, values),
  );
  return { quantiles, ...readSeasonWishes(flags, values) };
}

export function readQuantile(flag: string, text: string, values: FlagValues): number {
  return values.number(flag, text, (q) => q > 0 && q < 1, 'between 0 and 1, such as 0.95');
}

export function readSeasonWishes({ seasons, timeZone }: SeasonFlags, values: FlagValues): SeasonWishes {
  if (timeZone !== undefined && !isTimeZone(timeZone))
    values.fault('--time-zone', `"${timeZone}" must be an IANA time zone such as Europe/Berlin`, timeZone);
  const seasonsSeconds =
    seasons === undefined ? undefined : values.list('--seasons', seasons, values.seconds);
  return { seasonsSeconds, timeZone };
}

/** Seasons that do not fit the rows are the user's to change: what the core throws about them as a usage error. */
export function explainSeasons<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `--seasons: ${cause.message}; choose them with --seasons, or rows closer together`;
    throw new ForescaleError('invalid-argument', message, { cause });
  }
}
