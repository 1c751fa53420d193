import { readFile, stat } from 'node:fs/promises';
import { type CalendarReading, readCalendar, spanAround } from '../forecast/index.ts';
import { ForescaleError } from '../platform/errors.ts';

/** As a server has it. */
const mostBytes = 10 * 1024 * 1024;

/**
 * The events of a file on this machine, iCalendar or a list in YAML or JSON, as a server would read it. Rejects with `invalid-argument`
 * that says what is wrong with it.
 */
export async function readCalendarFile(
  path: string,
  { timeZone, nowSeconds }: { readonly timeZone: string | undefined; readonly nowSeconds: number },
): Promise<CalendarReading> {
  const definition = { name: 'calendar', ...(timeZone === undefined ? {} : { timeZone }) };
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new Error(`it has ${size} bytes, and a server reads ${mostBytes}`);
    const text = await readFile(path, 'utf8');
    return await readCalendar(definition, { text, from: path }, spanAround(nowSeconds));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ForescaleError('invalid-argument', `${path}: ${why}`, { cause });
  }
}
