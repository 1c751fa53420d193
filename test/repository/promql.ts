import { parser } from '@prometheus-io/lezer-promql';

/** A series that an expression selects. */
export interface Selector {
  readonly metric: string;
  /** Labels that have a matcher. */
  readonly labels: readonly string[];
  /** Functions and aggregations around it, innermost first. */
  readonly within: readonly string[];
  /** The range in brackets, where it has one. */
  readonly range: string | undefined;
}

/** Whether an expression is PromQL; variables must have been replaced. */
export function isPromql(expr: string): boolean {
  let isWhole = true;
  parser.parse(expr).iterate({
    enter: ({ type }) => {
      if (type.isError) isWhole = false;
    },
  });
  return isWhole;
}

export function selectorsOf(expr: string): Selector[] {
  const selectors: Selector[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node, from, to }) => {
      if (name !== 'VectorSelector') return;
      const text = expr.slice(from, to);
      const within: string[] = [];
      let range: string | undefined;
      for (let outer = node.parent; outer !== null; outer = outer.parent) {
        if (outer.name === 'MatrixSelector') range = /\[([^\]]+)\]/.exec(expr.slice(to, outer.to))?.[1];
        if (outer.name === 'FunctionCall' || outer.name === 'AggregateExpr')
          within.push(/^\w+/.exec(expr.slice(outer.from))?.[0] ?? '');
      }
      selectors.push({
        metric: /^[\w:]+/.exec(text)?.[0] ?? '',
        labels: [...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
        within,
        range,
      });
    },
  });
  return selectors;
}
