import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';

/** The interface all code logs through: a constant event name, and fields that vary. A pino logger satisfies it. */
export interface Logger {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Creates a logger that writes JSON lines with level names and ISO times to stderr, because stdout carries data. */
export function createLogger(options: { name: string; level: LogLevel; to?: DestinationStream }): Logger {
  return pino(
    {
      base: { app: options.name, pid: process.pid },
      level: options.level,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: stdTimeFunctions.isoTime,
    },
    options.to ?? destination({ dest: 2, sync: true }),
  );
}

/** A logger that writes nothing, for tests of other things. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
