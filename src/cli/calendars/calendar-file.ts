import { readFile, stat } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { type CalendarReading, type CalendarSpan, readCalendar } from '../../forecast/index.ts';
import { proxiesOf } from '../../history/http/proxies.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { CommandIo } from '../command-io.ts';

/** As a server has it. */
const mostBytes = 10 * 1024 * 1024;

/** A calendar that a file on this machine holds, or describes as the configuration of a server does. */
export interface CalendarInFile {
  readonly name: string;
  /** Its events, as a server would read them. Rejects with `invalid-argument` that says what is wrong with it. */
  read(span: CalendarSpan): Promise<CalendarReading>;
}

/**
 * The calendars of a file: iCalendar or a list of events in YAML or JSON, which is one calendar, or a configuration of a server, whose
 * `calendars` they are. `timeZone` is that of a file that is a calendar itself. Rejects with `invalid-argument` that says what is wrong.
 */
export async function calendarsInFile(
  path: string,
  { timeZone, io }: { readonly timeZone: string | undefined; readonly io: CommandIo },
): Promise<readonly CalendarInFile[]> {
  const text = await explained(path, forms, () => readText(path));
  if (isConfiguration(path, text)) return configuredCalendars(path, text, io);
  const name = path.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, '');
  const definition = { name, ...(timeZone === undefined ? {} : { timeZone }) };
  return [
    {
      name,
      read: (span) => explained(path, forms, () => readCalendar(definition, { text, from: path }, span)),
    },
  ];
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > mostBytes) throw new Error(`it has ${size} bytes, and a server reads ${mostBytes}`);
  return readFile(path, 'utf8');
}

/** Whether a text is not a list of events but says where calendars are. What is no YAML is neither, which its reader says. */
function isConfiguration(path: string, text: string): boolean {
  if (!/\.(?:ya?ml|json)$/i.test(path)) return false;
  try {
    const document: unknown = parseYaml(text, { logLevel: 'error' });
    return typeof document === 'object' && document !== null && 'calendars' in document;
  } catch {
    return false;
  }
}

async function configuredCalendars(
  path: string,
  text: string,
  io: CommandIo,
): Promise<readonly CalendarInFile[]> {
  // Loaded where there is a configuration, because the schemas of all its sections come with it.
  const { parseServerFile } = await import('../../server/config.ts');
  const { calendars = [] } = parseServerFile(text, path);
  return calendars.map((definition) => ({
    name: definition.name,
    async read(span) {
      const { textSource } = await import('../../server/calendars/fetch-text.ts');
      const remedy = 'correct it in the configuration, or leave the calendar out';
      return explained(`${path}: calendar ${definition.name}`, remedy, async () => {
        const source = textSource(definition, proxiesOf(io.env));
        try {
          const found = await source?.read(io.signal ?? new AbortController().signal, false);
          return await readCalendar(definition, found === 'unchanged' ? undefined : found, span);
        } finally {
          await source?.close();
        }
      });
    },
  }));
}

const forms =
  'give an iCalendar file (.ics), a list of events (.yaml, .json), or a configuration with calendars';

/** Says of an error what it is about, and what to do. */
async function explained<T>(what: string, remedy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const about = why.startsWith(what) ? why : `${what}: ${why}`;
    throw new ForescaleError('invalid-argument', `${about}; ${remedy}`, { cause });
  }
}
