import { type GroupedForm, groupedForms } from './grouped-form.ts';
import { childrenOf, nodesIn, type PromqlNode, parsed, textOf } from './promql-tree.ts';

/** A query that may be a part of a joint one. */
export interface MemberQuery {
  /** As the user wrote it; what tells members apart. */
  readonly query: string;
  /** The same expression without comments. */
  readonly expression: string;
  /** The ways in which it can be asked together with queries that differ from it by the value of one label; often none. */
  readonly grouped: readonly GroupedForm[];
}

/** Longer queries, and more brackets within each other, are asked alone: reading them could hold the event loop. */
const longestQuery = 2_000;
const deepestNesting = 30;

/** Functions whose value is a number and not a vector, to which no label can be added. */
const scalarFunctions = ['scalar', 'time', 'pi'];

/**
 * The query as a part of a joint one, or undefined where it has to be asked alone: it is no single expression whose value is a
 * vector, or it has texts that engines could end at different places, so that what follows would no longer be inside of its
 * brackets. Such are back-quoted texts (`\` escapes in them for VictoriaMetrics alone) and carriage returns (which end a comment for
 * Prometheus alone). The grammar is Prometheus' own (docs/adr/0018).
 */
export function memberQuery(query: string): MemberQuery | undefined {
  if (query.length > longestQuery || /[`\r\0]/.test(query) || nesting(query) > deepestNesting)
    return undefined;
  const expression = withoutComments(query)?.trim();
  const top = expression === undefined ? undefined : parsed(expression)?.firstChild;
  if (expression === undefined || !top || !isVector(top, expression) || !hasWholeTexts(top, expression)) {
    return undefined;
  }
  return { query, expression, grouped: groupedForms(top, expression) };
}

function nesting(query: string): number {
  let depth = 0;
  let deepest = 0;
  for (const mark of query) {
    if (mark === '(') deepest = Math.max(deepest, ++depth);
    else if (mark === ')') depth--;
  }
  return deepest;
}

function withoutComments(query: string): string | undefined {
  if (!query.includes('#')) return query;
  let expression = '';
  let from = 0;
  const top = parsed(query);
  for (const node of top === undefined ? [] : nodesIn(top)) {
    if (node.name !== 'LineComment') continue;
    expression += `${query.slice(from, node.from)} `;
    from = node.to;
  }
  return top === undefined ? undefined : expression + query.slice(from);
}

/** The grammar takes a text without its closing quote. */
function hasWholeTexts(top: PromqlNode, text: string): boolean {
  for (const { name, from, to } of [top, ...nodesIn(top)]) {
    if (name === 'StringLiteral' && (to - from < 2 || text[from] !== text[to - 1])) return false;
  }
  return true;
}

function isVector(node: PromqlNode, text: string): boolean {
  switch (node.name) {
    case 'VectorSelector':
    case 'AggregateExpr':
      return true;
    case 'FunctionCall':
      return !scalarFunctions.includes(textOf(childrenOf(node)[0], text).toLowerCase());
    case 'ParenExpr':
    case 'UnaryExpr':
    case 'BinaryExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return childrenOf(node).some((child) => isVector(child, text));
    default:
      return false;
  }
}
