import type { JointDialect } from '../joint/joint-dialect.ts';
import type { InstantRequest, InstantResult, LabelledValue } from '../source.ts';
import type { HttpAnswer } from './http-connection.ts';
import type { RangePart } from './ranges/range-chunks.ts';
import type { RangeRows } from './ranges/range-rows.ts';

/** A request as a form, which is posted so that a long query fits. */
export interface HttpQuestion {
  /** Path below the base address. */
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

/** How one kind of source is asked and what its answers mean. Bounds, retries and credentials are the same for all kinds. */
export interface HttpDialect {
  /** What the user can do about a query that gives several series. */
  readonly oneSeries: string;
  /** Throws `invalid-argument` for a query that cannot be asked. `timeoutMs` tells the source when nobody waits any more. */
  askRange(part: RangePart, timeoutMs: number): HttpQuestion;
  readRange(answer: HttpAnswer, address: string, part: RangePart): RangeRows;
  askInstant(request: InstantRequest, timeoutMs: number): HttpQuestion;
  readInstant(answer: HttpAnswer, address: string, request: InstantRequest): InstantResult;
  /** Reads every series of an instant query; absent where series have no labels. */
  readVector?(answer: HttpAnswer, address: string): readonly LabelledValue[];
  /** How queries are asked together; absent where each is asked alone. */
  readonly joints?: JointDialect | undefined;
  rateWindowSeconds(query: string): number;
  queryWarnings(query: string): readonly string[];
}
