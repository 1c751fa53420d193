/** Why a calendar cannot be read, in few words that a metric can have as a label. */
export type CalendarFailure =
  | 'not-found'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  | 'unreadable';

/** Codes of our errors and of the file system. */
const byCode: Readonly<Record<string, CalendarFailure>> = {
  'not-found': 'not-found',
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  'source-rejected': 'refused',
  EACCES: 'refused',
  EPERM: 'refused',
  'source-unreachable': 'unreachable',
  'source-timeout': 'timeout',
  'too-large': 'too-large',
};

/** The reason of an error; what is found and is no calendar, or no whole one, cannot be read. */
export function failureOf(error: unknown): CalendarFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return byCode[code] ?? 'unreadable';
}
