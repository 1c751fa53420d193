import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../platform/clock.ts';
import { toForescaleError } from '../../platform/errors.ts';
import { parseWithSchema } from '../../platform/schema/schema-errors.ts';
import { boundedList } from '../../platform/terminal/bounded-list.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { KeptFactsSchema } from '../cluster-facts/kept-facts.ts';
import { maxKeptBytes } from '../trigger-metadata.ts';
import type { KnownTrigger } from './expected-triggers.ts';

/**
 * Largest list, bytes: some ten thousand workloads. While a list is replaced there are two, and the chart's volume has room for both
 * beside the record.
 */
export const maxListBytes = 24 * 1024 * 1024;

/** Longest line, characters: the largest metadata that is kept, of which JSON may write one character as six, and names. */
const longestLine = 8 * maxKeptBytes;

const KnownWorkload = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  scalerMetadata: Type.Record(Type.String(), Type.String()),
  /** Unix seconds. */
  askedAt: Type.Number(),
  /** Names the trigger among those of a replica; servers of versions before peers had none. */
  key: Type.Optional(Type.String()),
  /** The last value that was good; servers of versions before 2026-12 told none. */
  served: Type.Optional(
    Type.Object({
      /** Unix seconds. */
      atSeconds: Type.Number(),
      signal: Type.Number({ minimum: 0 }),
      active: Type.Boolean(),
      observed: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
  /** Servers of versions before 2026-12 told none. */
  cluster: Type.Optional(KeptFactsSchema),
});

/** Compiled, because there may be ten thousand lines to read before the server answers. */
const check = Compile(KnownWorkload);

/** A known trigger as another replica tells it. */
interface ParsedTrigger extends KnownTrigger {
  readonly key?: string | undefined;
}

/** Known workloads as lines of JSON, up to the largest list; the event loop turns in between. */
export async function* knownLines(known: Iterable<KnownTrigger>, clock: Clock): AsyncGenerator<string> {
  const slices = createTimeSlices();
  let bytes = 0;
  for (const { askedSecondsAgo, ...ref } of known) {
    const line = `${JSON.stringify({ ...ref, askedAt: clock() - askedSecondsAgo })}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > maxListBytes) return;
    yield line;
    if (slices.isOver()) await slices.nextTurn();
  }
}

/** What was read of a list of known workloads. */
interface ReadList {
  readonly known: readonly ParsedTrigger[];
  /** Which lines are left out, and what is wrong with them; their text is not shown, because metadata may be secret. */
  readonly wrong: readonly string[];
}

/** Wrong lines that are told one by one. */
const mostTold = 20;

/** Reads such lines. */
export async function parseKnownLines(text: string, clock: Clock): Promise<ReadList> {
  const slices = createTimeSlices();
  const known: ParsedTrigger[] = [];
  const wrong: string[] = [];
  for (let start = 0, number = 1; start < text.length; number++) {
    if (slices.isOver()) await slices.nextTurn();
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    const parsed = start === end ? undefined : parseLine(text, start, end);
    start = end + 1;
    if (typeof parsed === 'string') wrong.push(`line ${number}: ${parsed}`);
    else if (parsed !== undefined) {
      const { askedAt, ...ref } = parsed;
      known.push({ ...ref, askedSecondsAgo: Math.max(0, clock() - askedAt) });
    }
  }
  return { known, wrong: boundedList(wrong, mostTold) };
}

/** A line, or what is wrong with it. */
function parseLine(text: string, start: number, end: number): Static<typeof KnownWorkload> | string {
  if (end - start > longestLine) return `it has ${end - start} characters, and no trigger that many`;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start, end));
  } catch {
    return 'it is no JSON';
  }
  try {
    return check.Parse(value);
  } catch {
    return faultIn(value);
  }
}

function faultIn(value: unknown): string {
  try {
    parseWithSchema('known workload', KnownWorkload, value, () => false);
    return 'it is no known workload';
  } catch (error) {
    return toForescaleError(error).message;
  }
}
