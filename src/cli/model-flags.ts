import type { Command } from 'commander';
import { isTimeZone, maxHorizonFor } from '../forecast/core/index.ts';
import { ForescaleError } from '../platform/errors.ts';
import type { FlagValues } from './flag-values.ts';

/** Flags of what is asked of a demand model, the same for every command that makes one. */
export interface ModelFlags {
  readonly quantiles: string;
  readonly seasons?: string;
  readonly timeZone?: string;
}

export function addModelOptions(command: Command): Command {
  return addSeasonsOption(
    command.option('--quantiles <list>', 'probabilities between 0 and 1', '0.5,0.9,0.95,0.99'),
  ).option('--time-zone <name>', 'IANA zone whose clocks days and weeks follow (default: UTC)');
}

export function addSeasonsOption(command: Command): Command {
  return command.option('--seasons <list>', 'lengths of the seasons, such as 4m,28m (default: 1d,7d)');
}

export interface ModelWishes {
  readonly quantiles: readonly number[];
  readonly seasonsSeconds: readonly number[] | undefined;
  readonly timeZone: string | undefined;
}

/** The wishes the flags describe. Faults are collected. */
export function readModelWishes(flags: ModelFlags, values: FlagValues): ModelWishes {
  const quantiles = values.list('--quantiles', flags.quantiles, (flag, item) =>
    readQuantile(flag, item, values),
  );
  return {
    quantiles,
    seasonsSeconds: readSeasons(flags.seasons, values),
    timeZone: readTimeZone(flags.timeZone, values),
  };
}

export function readQuantile(flag: string, text: string, values: FlagValues): number {
  return values.number(flag, text, (q) => q > 0 && q < 1, 'between 0 and 1, such as 0.95');
}

export function readSeasons(text: string | undefined, values: FlagValues): number[] | undefined {
  return text === undefined ? undefined : values.list('--seasons', text, values.seconds);
}

function readTimeZone(text: string | undefined, values: FlagValues): string | undefined {
  if (text !== undefined && !isTimeZone(text))
    values.fault('--time-zone', `"${text}" must be an IANA time zone such as Europe/Berlin`, text);
  return text;
}

/** Options of a forecaster that follows the wishes and is calibrated as far as it will be asked. */
export function modelOptions(
  { seasonsSeconds, timeZone }: Pick<ModelWishes, 'seasonsSeconds'> & Partial<Pick<ModelWishes, 'timeZone'>>,
  horizonSeconds: number,
) {
  return { seasonsSeconds, timeZone, maxHorizonSeconds: maxHorizonFor(horizonSeconds, seasonsSeconds) };
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
