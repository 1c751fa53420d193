import { parseDuration } from '../../../platform/duration.ts';
import { childrenOf, nodesIn, type PromqlNode, textOf } from './promql-tree.ts';

/**
 * A query such as `sum(rate(requests{app="cart"}[2m]))`, seen as one of many that differ by the value of one label: together they are
 * `sum by (app) (rate(requests{app=~"cart|shop"}[2m]))`.
 */
export interface GroupedForm {
  /** What all of them share; queries of the same shape can be grouped. */
  readonly shape: string;
  readonly label: string;
  /** The label's value in this query. */
  readonly value: string;
  /** The text before the place of `by (label)`, from there to the place of the matcher's operator, and after its value. */
  readonly head: string;
  readonly middle: string;
  readonly tail: string;
}

/** Aggregations that give each group what they would give for the series of that group alone. */
const aggregations = ['sum', 'min', 'max', 'avg', 'count', 'group'];

/** Functions of a range that give each series a value of its own, whatever other series there are. */
const functions = [
  'rate',
  'irate',
  'increase',
  'delta',
  'idelta',
  'deriv',
  'changes',
  'resets',
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'last_over_time',
];

/** VictoriaMetrics calculates longer ranges of an instant query from what it remembers of an earlier one, which rounds otherwise. */
const longestRangeSeconds = 3_600;

/** Values that are the same as a regular expression, but for the dot. */
const plainValue = /^[\w.:/-]+$/;

/**
 * The grouped forms of an expression, one for each label that a value is asked of. It has some where it is an aggregation without
 * labels of a selector, or of one function of a selector's range: then the series of a group, their order and what is calculated of
 * them are those of the query alone. For anything else there are none, because it is not so, or not so easily seen.
 */
export function groupedForms(top: PromqlNode, text: string): GroupedForm[] {
  const [operation, body, ...others] = childrenOf(top);
  if (top.name !== 'AggregateExpr' || operation === undefined || body === undefined || others.length > 0) {
    return [];
  }
  if (!aggregations.includes(textOf(operation, text).toLowerCase())) return [];
  const selector = selectorIn(body, text);
  if (selector === undefined) return [];
  const matchers = [...nodesIn(selector)].filter(({ name }) => name === 'UnquotedLabelMatcher');
  const labels = matchers.map((matcher) => textOf(childrenOf(matcher)[0], text));
  return matchers.flatMap((matcher, index) => {
    const label = labels[index] ?? '';
    const [, operator, literal] = childrenOf(matcher);
    const value = textOf(literal, text).slice(1, -1);
    const isAlone = labels.filter((other) => other === label).length === 1;
    if (operator === undefined || literal === undefined || textOf(operator, text) !== '=') return [];
    if (!isAlone || label === '__name__' || !plainValue.test(value)) return [];
    const head = text.slice(0, operation.to);
    const middle = text.slice(operation.to, operator.from);
    const tail = text.slice(literal.to);
    return [{ shape: [head, middle, tail].join('\0'), label, value, head, middle, tail }];
  });
}

/** The only selector of an aggregation's arguments, where nothing but one function of its range stands between. */
function selectorIn(body: PromqlNode, text: string): PromqlNode | undefined {
  const [argument, ...others] = childrenOf(body);
  if (argument === undefined || others.length > 0) return undefined;
  if (argument.name !== 'FunctionCall') return moved(argument, 'VectorSelector');
  const [name, inner] = childrenOf(argument);
  const [range, ...more] = inner === undefined ? [] : childrenOf(inner);
  if (range === undefined || more.length > 0 || !functions.includes(textOf(name, text))) return undefined;
  const [selector, duration] = childrenOf(moved(range, 'MatrixSelector'));
  const seconds = parseDuration(textOf(duration, text)) ?? Number.POSITIVE_INFINITY;
  return selector?.name === 'VectorSelector' && seconds <= longestRangeSeconds ? selector : undefined;
}

/** The node of a kind, below an offset or `@` or not. */
function moved(node: PromqlNode, kind: string): PromqlNode | undefined {
  if (node.name === kind) return node;
  const isMoved = node.name === 'OffsetExpr' || node.name === 'StepInvariantExpr';
  return isMoved && node.firstChild !== null ? moved(node.firstChild, kind) : undefined;
}
