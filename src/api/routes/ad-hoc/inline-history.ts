import { type Static, Type } from 'typebox';
import { commonestDistance } from '../../../history/row-distance.ts';
import type { History } from '../../../history/source.ts';
import { formatDuration } from '../../../platform/duration.ts';
import { type FieldError, ForescaleError, invalidField, invalidFields } from '../../../platform/errors.ts';
import { parseMoment } from '../../../platform/moment.ts';
import { createTimeSlices, type TimeSlices } from '../../../platform/turns/time-slices.ts';
import { finestStepSeconds } from '../../limits.ts';

/** History sent along with a request: the shape that the history route answers with. */
export const InlineData = Type.Object(
  {
    timestamps: Type.Array(Type.Unsafe<number | string>({ type: ['number', 'string'] }), {
      description: 'unix seconds or ISO 8601, rising; when each value is known',
      minItems: 2,
    }),
    values: Type.Array(Type.Unsafe<number | null>({ type: ['number', 'null'], minimum: 0 }), {
      description: 'demand; null = missing',
      minItems: 2,
    }),
  },
  { additionalProperties: false },
);

const column = Type.Unsafe<readonly unknown[]>({ type: 'array', minItems: 2 });
/**
 * The part of {@link InlineData} that is validated with the rest of the request. {@link inlineHistory} checks the rows in
 * slices, because a validator that looks for errors in 100,000 rows holds the event loop for 200 ms.
 */
export const InlineColumns = Type.Object(
  { timestamps: column, values: column },
  { additionalProperties: false },
);

/** Most wrong rows that one answer names. */
const maxFieldErrors = 8;

/**
 * The rows of a request as a history; `null` rows are left out. Where `stepSeconds` is undefined, the commonest distance is taken.
 * Throws `invalid-argument` with the first wrong rows, `too-large` where rows and gaps together are more than
 * `maxRows`. Works in slices: two mebibytes of ISO times take longer than the event loop may be held.
 */
export async function inlineHistory(
  data: Static<typeof InlineColumns>,
  options: {
    readonly stepSeconds: number | undefined;
    readonly maxRows: number;
    readonly signal: AbortSignal;
  },
): Promise<History> {
  const { maxRows, signal } = options;
  if (data.timestamps.length !== data.values.length) {
    const message = `data: ${data.timestamps.length} timestamps but ${data.values.length} values; send as many of each`;
    throw invalidField('data', message);
  }
  const slices = createTimeSlices({ signal });
  await slices.nextTurn();
  const { times, values } = await checkedRows(data, slices);
  await slices.nextTurn();
  // The schema requires two rows, so that there is a distance.
  const stepSeconds = options.stepSeconds ?? commonestDistance(times) ?? Number.NaN;
  if (!(stepSeconds >= finestStepSeconds)) {
    const message = `data.timestamps: rows ${stepSeconds * 1000} ms apart are closer than ${formatDuration(finestStepSeconds)}; send their means`;
    throw invalidFields('request body', [{ field: 'data.timestamps', message }]);
  }
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (Math.max(times.length, span / stepSeconds) > maxRows) {
    throw new ForescaleError(
      'too-large',
      `data: ${times.length} rows, ${formatDuration(span)} at a step of ${formatDuration(stepSeconds)}, are more than ${maxRows} with their gaps; send less or a coarser step`,
    );
  }
  await slices.nextTurn();
  const isPresent = (_: number, index: number) => !Number.isNaN(values[index]);
  const present = values.filter(isPresent);
  if (present.length === 0) {
    throw new ForescaleError('no-data', 'data: every value is null; send at least one number');
  }
  return { stepSeconds, timestamps: times.filter(isPresent), values: present, warnings: [] };
}

/** The rows as numbers, after a check that times rise and values are not negative; null becomes NaN. */
async function checkedRows(data: Static<typeof InlineColumns>, slices: TimeSlices) {
  const fieldErrors: FieldError[] = [];
  const times = new Float64Array(data.timestamps.length);
  const values = new Float64Array(data.values.length);
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, timestamp] of data.timestamps.entries()) {
    const value = data.values[index];
    const time = timeOf(timestamp);
    if (Number.isNaN(time)) {
      fieldErrors.push(rowError('timestamps', index, timestamp, 'must be unix seconds or an ISO time'));
    } else if (time <= previous) {
      fieldErrors.push(
        rowError('timestamps', index, timestamp, 'is not after the row before; sort the rows'),
      );
    }
    if (value !== null && !(Number.isFinite(value) && Number(value) >= 0)) {
      fieldErrors.push(
        rowError('values', index, value, 'must be a number from 0, or null where it is missing'),
      );
    }
    if (fieldErrors.length >= maxFieldErrors) break;
    times[index] = previous = time;
    values[index] = typeof value === 'number' ? value : Number.NaN;
    if (slices.isOver()) await slices.nextTurn();
  }
  if (fieldErrors.length > 0) throw invalidFields('request body', fieldErrors);
  return { times, values };
}

function timeOf(timestamp: unknown): number {
  const isMoment = typeof timestamp === 'number' || typeof timestamp === 'string';
  return (isMoment ? parseMoment(String(timestamp)) : undefined) ?? Number.NaN;
}

function rowError(column: 'timestamps' | 'values', index: number, given: unknown, wrong: string): FieldError {
  const field = `data.${column}.${index}`;
  // JSON reads 1e999 as infinity, which it cannot write.
  const text = typeof given === 'number' ? String(given) : JSON.stringify(given).slice(0, 100);
  return { field, value: text, message: `${field}: ${text} ${wrong}` };
}
