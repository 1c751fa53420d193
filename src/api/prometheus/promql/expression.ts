import type { Matcher } from './matcher.ts';

/** Series by their labels, `offsetMs` milliseconds before the moment that is asked about. */
export interface Selector {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
}

export const aggregations = ['max', 'min', 'sum', 'avg'] as const;
export type Aggregation = (typeof aggregations)[number];

/** Which labels tell the groups of an aggregation apart: those named (`by`), or all but those named (`without`). */
export interface Grouping {
  readonly mode: 'by' | 'without';
  readonly labels: ReadonlySet<string>;
}

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly aggregation: Aggregation;
  readonly grouping: Grouping;
  readonly of: Vector;
}

export type Vector = Selector | Aggregate;

/** The part of PromQL that is answered. */
export type Expression =
  | Vector
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };
