import type { HttpAnswer } from '../http/http-connection.ts';
import type { RangePart } from '../http/ranges/range-chunks.ts';
import type { RangeRows } from '../http/ranges/range-rows.ts';
import type { InstantResult } from '../source.ts';

/** How much one joint query may ask for. */
export interface JointBounds {
  readonly mostMembers: number;
  /** Longest text of it, bytes. */
  readonly mostBytes: number;
}

/** A query that asks what several queries ask. */
export interface JointQuery {
  readonly query: string;
  /** The queries it asks, each once. */
  readonly members: readonly string[];
  /** Which of the members, by their place, a series of the answer belongs to; none for a series that nobody asked for. */
  membersOf(labels: Readonly<Record<string, string>>): readonly number[];
}

/**
 * What each member of a joint query was answered, in the order of the members: undefined where its own answer is needed, because it
 * is none that a single query may have. `odd` says that the whole answer is not to be relied on.
 */
export type JointAnswers<T> =
  | {
      readonly kind: 'answers';
      readonly of: readonly (T | undefined)[];
      /** What the source says of the queries, without saying of which; they are no errors. */
      readonly remarks: readonly string[];
    }
  | { readonly kind: 'odd' };

/**
 * How the queries of one kind of source are asked together. Each member is answered as it would be alone, to the bit; where that
 * cannot be known its answer is undefined, and it is asked alone.
 */
export interface JointDialect {
  /** Whether a query may be asked together with others. */
  isJoinable(query: string): boolean;
  /** Puts joinable queries, no two of them the same, into as few joint ones as the bounds allow. */
  compose(queries: readonly string[], bounds: JointBounds): readonly JointQuery[];
  /** Reads the answer of an instant query. Throws as reading the answer of a single query does. */
  readInstants(answer: HttpAnswer, address: string, joint: JointQuery): JointAnswers<InstantResult>;
  /** The same of a range. */
  readRanges(
    answer: HttpAnswer,
    address: string,
    joint: JointQuery,
    part: RangePart,
  ): JointAnswers<RangeRows>;
}
