import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { isTextRecord, wireObject } from '../http/wire-text.ts';
import type { LabelledValue } from '../source.ts';
import { notTheApi, readEnvelope } from './prometheus-answer.ts';
import { readSample } from './wire-sample.ts';

/**
 * Every series of a query's answer. Throws `no-data` where the source says that part of the data is missing: a series that is not
 * there would mean that there is none.
 */
export function readVector(answer: HttpAnswer, address: string): readonly LabelledValue[] {
  const { resultType, result, isPartial } = readEnvelope(address, answer);
  if (resultType !== 'vector' || !Array.isArray(result)) throw notTheApi(address, answer);
  if (isPartial) throw new ForescaleError('no-data', `${address} says that part of the data is missing`);
  return (result as readonly unknown[]).map((wire) => {
    const { metric: labels, value } = wireObject(wire);
    const sample = readSample(value);
    if (!isTextRecord(labels) || sample === undefined) throw notTheApi(address, answer);
    return { labels, value: sample.value };
  });
}
