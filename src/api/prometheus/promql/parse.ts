import { parser } from '@prometheus-io/lezer-promql';
import { invalidField } from '../../../platform/errors.ts';
import type { TimeSlices } from '../../../platform/turns/time-slices.ts';
import type { Expression, Selector } from './expression.ts';
import type { SyntaxNode, Tree } from './syntax.ts';

/** Where an expression comes from: the name of a request's parameter, and its text. */
export interface Asked {
  readonly parameter: string;
  readonly text: string;
}

/**
 * Reads PromQL. Rejects with `invalid-argument` where it is none, and with `unsupported-query` where it is PromQL of which this API
 * has no part. The grammar is Prometheus' own (docs/adr/0018); it is worked off in slices, because a text of 8,000 brackets takes
 * longer than the event loop may be held.
 */
export async function parseExpression(asked: Asked, slices: TimeSlices): Promise<Expression> {
  const tree = await parseTree(asked.text, slices);
  refuseErrors(tree, asked);
  const top = tree.topNode.firstChild;
  if (top === null) throw notPromql(asked, 0, 'no expression found in input');
  // With it comes the library of regular expressions, which a server that nobody asks in PromQL never needs.
  const { toExpression } = await import('./to-expression.ts');
  return toExpression(top, { text: asked.text, wrong: (at, message) => notPromql(asked, at, message) });
}

/** Reads a selector, as `match[]` takes it. Rejects as {@link parseExpression} does. */
export async function parseSelector(asked: Asked, slices: TimeSlices): Promise<Selector> {
  const expression = await parseExpression(asked, slices);
  if (expression.kind === 'selector') return expression;
  throw notPromql(asked, 0, 'a selector such as forescale_forecast{workload="checkout"} is wanted');
}

async function parseTree(text: string, slices: TimeSlices): Promise<Tree> {
  const parse = parser.startParse(text);
  let tree = parse.advance();
  while (tree === null) {
    if (slices.isOver()) await slices.nextTurn();
    tree = parse.advance();
  }
  return tree;
}

/** Refuses a text in which the parser had to skip or to supply something. */
function refuseErrors(tree: Tree, asked: Asked): void {
  let node: SyntaxNode | undefined;
  tree.iterate({
    enter: (entered) => {
      if (entered.type.isError) node ??= entered.node;
      return node === undefined;
    },
  });
  if (node === undefined) return;
  const rest = asked.text.slice(node.from);
  if (asked.text.trim() === '' || asked.text.trim().startsWith('#')) {
    throw notPromql(asked, 0, 'no expression found in input');
  }
  const found = rest.trim() === '' ? 'end of input' : `"${/^\s*(\w+|\S)/.exec(rest)?.[1] ?? ''}"`;
  throw notPromql(asked, node.from, `unexpected ${found}`);
}

/** An error in Prometheus' words: `invalid parameter "query": 1:5: parse error: …`. */
function notPromql({ parameter, text }: Asked, at: number, message: string) {
  const before = text.slice(0, at).split('\n');
  const position = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return invalidField(parameter, `invalid parameter "${parameter}": ${position}: parse error: ${message}`);
}
