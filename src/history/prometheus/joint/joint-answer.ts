import type { HttpAnswer } from '../../http/http-connection.ts';
import type { RangePart } from '../../http/ranges/range-chunks.ts';
import type { RangeRows } from '../../http/ranges/range-rows.ts';
import { isTextRecord, wireObject } from '../../http/wire-text.ts';
import type { JointAnswers, JointQuery } from '../../joint/joint-dialect.ts';
import type { InstantResult } from '../../source.ts';
import { noSeries, sampleResult } from '../instant-result.ts';
import { readEnvelope } from '../prometheus-answer.ts';
import { readSeriesRows } from '../range-series.ts';
import { readSample } from '../wire-sample.ts';

/** One series as the API wrote it. */
type WireSeries = Readonly<Record<string, unknown>>;

/**
 * What each member of a joint query is now. A member of several series, of a histogram or of a nonsensical sample has no answer: its
 * own one says what is wrong. An answer that is partial is odd, because it does not say of which members; so is one with a series
 * that belongs to none of them.
 */
export function readJointInstants(
  answer: HttpAnswer,
  address: string,
  joint: JointQuery,
): JointAnswers<InstantResult> {
  const answers = readJoint(answer, address, joint, 'vector', (series) => {
    if (series === undefined) return noSeries;
    const sample = readSample(series['value']);
    return sample === undefined ? undefined : sampleResult(sample);
  });
  // Remarks on a query are not shown for a value.
  return answers.kind === 'odd' ? answers : { ...answers, remarks: [] };
}

/** The rows of each member of a joint query; see {@link readJointInstants}. */
export function readJointRanges(
  answer: HttpAnswer,
  address: string,
  joint: JointQuery,
  part: RangePart,
): JointAnswers<RangeRows> {
  return readJoint(answer, address, joint, 'matrix', (series) =>
    readSeriesRows(series?.['values'] ?? (series === undefined ? [] : undefined), part),
  );
}

function readJoint<T>(
  answer: HttpAnswer,
  address: string,
  joint: JointQuery,
  wanted: 'vector' | 'matrix',
  read: (series: WireSeries | undefined) => T | undefined,
): JointAnswers<T> {
  const { resultType, result, isPartial, warnings: remarks } = readEnvelope(address, answer);
  if (resultType !== wanted || !Array.isArray(result) || isPartial) return { kind: 'odd' };
  const seen: (WireSeries | 'several' | undefined)[] = joint.members.map(() => undefined);
  for (const wire of result as readonly unknown[]) {
    const series = wireObject(wire);
    const { metric } = series;
    const members = isTextRecord(metric) ? joint.membersOf(metric) : [];
    if (members.length === 0) return { kind: 'odd' };
    for (const member of members) seen[member] = seen[member] === undefined ? series : 'several';
  }
  const of = seen.map((series) => (series === 'several' ? undefined : read(series)));
  return { kind: 'answers', of, remarks };
}
