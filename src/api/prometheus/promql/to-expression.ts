import { ForescaleError } from '../../../platform/errors.ts';
import { createMatcher } from './create-matcher.ts';
import { type Aggregation, aggregations, type Expression, type Grouping, type Vector } from './expression.ts';
import { numberOf, unquote } from './literals.ts';
import type { Matcher, MatchOperator } from './matcher.ts';
import type { SyntaxNode } from './syntax.ts';

/** The text that a tree was made of, and the error about one place in it. */
export interface Source {
  readonly text: string;
  wrong(at: number, message: string): Error;
}

/** Deepest nesting that is followed. */
const maxDepth = 64;

const supported =
  'selectors such as forescale_forecast{workload="checkout", quantile="0.99"}, with offset; max, min, sum and avg of them, by or without labels; numbers with + - * /; and texts';

/** The expression of a node of the grammar. Throws what is wrong with it, or `unsupported-query`. */
export function toExpression(node: SyntaxNode, source: Source, depth = 0): Expression {
  if (depth > maxDepth) throw source.wrong(node.from, `nested more than ${maxDepth} deep`);
  const below = (child: SyntaxNode | null) => {
    if (child === null) throw source.wrong(node.from, 'an expression is missing');
    return toExpression(child, source, depth + 1);
  };
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { kind: 'scalar', value: numberAt(node, source) };
    case 'StringLiteral':
      return { kind: 'string', value: textAt(node, source) };
    case 'ParenExpr':
      return below(node.firstChild);
    case 'UnaryExpr':
    case 'BinaryExpr':
      return calculated(node, source, below);
    case 'VectorSelector':
      return { kind: 'selector', matchers: matchersOf(node, source), offsetMs: 0 };
    case 'OffsetExpr':
      return moved(below(node.firstChild), node, source);
    case 'AggregateExpr':
      return aggregated(node, source, below);
    default:
      throw unsupported(node, source);
  }
}

function unsupported(node: SyntaxNode, { text }: Source): ForescaleError {
  const shown = text.slice(node.from, node.to);
  const part = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return new ForescaleError(
    'unsupported-query',
    `${part} is more PromQL than this API answers, which is ${supported}. Ask a Prometheus that scrapes /metrics for the rest`,
  );
}

function textOf(node: SyntaxNode, { text }: Source): string {
  return text.slice(node.from, node.to);
}

function numberAt(node: SyntaxNode, source: Source): number {
  const value = numberOf(textOf(node, source));
  if (value === undefined) throw source.wrong(node.from, `bad number or duration ${textOf(node, source)}`);
  return value;
}

function textAt(node: SyntaxNode, source: Source): string {
  const value = unquote(textOf(node, source));
  if (value === undefined) throw source.wrong(node.from, 'a text without its closing quote, or a bad escape');
  return value;
}

/** Arithmetic of numbers. With a vector it is not answered. */
function calculated(
  node: SyntaxNode,
  source: Source,
  below: (child: SyntaxNode | null) => Expression,
): Expression {
  const isUnary = node.name === 'UnaryExpr';
  const operator = isUnary
    ? textOf(node.firstChild ?? node, source)
    : (node.firstChild?.nextSibling?.name ?? '');
  const left = isUnary ? ({ kind: 'scalar', value: 0 } as const) : below(node.firstChild);
  const right = below(node.lastChild);
  if (left.kind !== 'scalar' || right.kind !== 'scalar') throw unsupported(node, source);
  const result = arithmetic(operator, left.value, right.value);
  if (result === undefined) throw unsupported(node, source);
  return { kind: 'scalar', value: result };
}

function arithmetic(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case 'Add':
    case '+':
      return left + right;
    case 'Sub':
    case '-':
      return left - right;
    case 'Mul':
      return left * right;
    case 'Div':
      return left / right;
    default:
      return undefined;
  }
}

function moved(of: Expression, node: SyntaxNode, source: Source): Expression {
  if (of.kind !== 'selector' || of.offsetMs !== 0) {
    throw source.wrong(node.from, 'offset modifier must be preceded by a selector, once');
  }
  const [, text = ''] =
    /^(?:offset)\s*(.*)$/is.exec(source.text.slice(node.getChild('Offset')?.from ?? node.from, node.to)) ??
    [];
  const seconds = numberOf(text.trim());
  if (seconds === undefined || !Number.isFinite(seconds)) throw unsupported(node, source);
  return { ...of, offsetMs: Math.round(seconds * 1000) };
}

function matchersOf(node: SyntaxNode, source: Source): readonly Matcher[] {
  const name = node.getChild('Identifier');
  const matchers: Matcher[] = [];
  if (name !== null) matchers.push(createMatcher('__name__', '=', textOf(name, source)));
  for (
    let child = node.getChild('LabelMatchers')?.firstChild ?? null;
    child !== null;
    child = child.nextSibling
  ) {
    matchers.push(matcherOf(child, source));
  }
  if (matchers.every((matcher) => matcher.matches(''))) {
    throw source.wrong(node.from, 'vector selector must contain at least one non-empty matcher');
  }
  return matchers;
}

function matcherOf(node: SyntaxNode, source: Source): Matcher {
  if (node.name === 'QuotedLabelName') return createMatcher('__name__', '=', labelAt(node, source));
  const label = node.getChild('LabelName') ?? node.getChild('QuotedLabelName');
  const operator = node.getChild('MatchOp');
  const value = node.getChild('StringLiteral');
  if (label === null || operator === null || value === null) throw source.wrong(node.from, 'a bad matcher');
  try {
    return createMatcher(
      labelAt(label, source),
      textOf(operator, source) as MatchOperator,
      textAt(value, source),
    );
  } catch (error) {
    if (error instanceof ForescaleError) throw error;
    throw source.wrong(value.from, error instanceof Error ? error.message : String(error));
  }
}

function labelAt(node: SyntaxNode, source: Source): string {
  const quoted = node.name === 'QuotedLabelName' ? (node.firstChild ?? node) : undefined;
  return quoted === undefined ? textOf(node, source) : textAt(quoted, source);
}

function aggregated(
  node: SyntaxNode,
  source: Source,
  below: (child: SyntaxNode | null) => Expression,
): Expression {
  const name = textOf(node.getChild('AggregateOp') ?? node, source).toLowerCase();
  const aggregation = aggregations.find((one) => one === name);
  const body = node.getChild('FunctionCallBody');
  if (aggregation === undefined || body === null) throw unsupported(node, source);
  if (body.firstChild !== null && body.firstChild.nextSibling !== null) {
    throw source.wrong(node.from, `wrong number of arguments for aggregate expression provided, expected 1`);
  }
  const of = below(body.firstChild);
  if (of.kind === 'scalar' || of.kind === 'string') {
    throw source.wrong(node.from, `expected type instant vector in aggregation expression, got ${of.kind}`);
  }
  return aggregate(aggregation, groupingOf(node.getChild('AggregateModifier'), source), of);
}

function aggregate(aggregation: Aggregation, grouping: Grouping, of: Vector): Expression {
  return { kind: 'aggregate', aggregation, grouping, of };
}

/** Without `by` and `without` everything is one group. */
function groupingOf(modifier: SyntaxNode | null, source: Source): Grouping {
  const labels = new Set<string>();
  for (
    let child = modifier?.getChild('GroupingLabels')?.firstChild ?? null;
    child !== null;
    child = child.nextSibling
  ) {
    labels.add(labelAt(child, source));
  }
  const isWithout = modifier !== null && modifier.getChild('Without') !== null;
  return { mode: isWithout ? 'without' : 'by', labels };
}
