import { type DestinationStream, destination, pino } from 'pino';

/** What the code logs through: a constant event name and the fields that vary. pino satisfies it. */
export interface Logger {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A JSON-lines logger on stderr (stdout carries data). */
export function createLogger(options: { name: string; level: LogLevel; to?: DestinationStream }): Logger {
  return pino(
    { base: { app: options.name, pid: process.pid }, level: options.level },
    options.to ?? destination({ dest: 2, sync: true }),
  );
}

/** For callers that want no log at all, such as tests of something else. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
