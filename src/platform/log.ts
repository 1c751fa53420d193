import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import { textLines } from './terminal/text-log.ts';

/** The interface all code logs through: a constant event name, and fields that vary. A pino logger satisfies it. */
export interface Logger {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

/** How lines of the log are written: for programs, or for people. */
export const logFormats = ['json', 'text'] as const;

interface LoggerOptions {
  readonly name: string;
  readonly level: LogLevel;
  /** Default: json. */
  readonly format?: (typeof logFormats)[number];
  /** Default: stderr, because stdout carries data. */
  readonly to?: DestinationStream;
}

/** Creates a logger that writes lines with level names and ISO times. */
export function createLogger(options: LoggerOptions): Logger {
  const to = options.to ?? destination({ dest: 2, sync: true });
  return pino(
    {
      base: { app: options.name, pid: process.pid },
      level: options.level,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
    },
    options.format === 'text' ? textLines(to) : to,
  );
}

/** A logger that writes nothing, for tests of other things. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
