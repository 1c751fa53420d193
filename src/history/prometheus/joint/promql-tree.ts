import { parser } from '@prometheus-io/lezer-promql';

export type PromqlNode = ReturnType<typeof parser.parse>['topNode'];

/** Rejects what it cannot read instead of supplying what is missing. */
const strict = parser.configure({ strict: true });

/** The tree of a text; undefined where that is no PromQL. */
export function parsed(text: string): PromqlNode | undefined {
  try {
    return strict.parse(text).topNode;
  } catch {
    return undefined;
  }
}

/** Every node below one, in the order of the text. */
export function* nodesIn(node: PromqlNode): Generator<PromqlNode> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    yield child;
    yield* nodesIn(child);
  }
}

/** What a node consists of; nothing for none. */
export function childrenOf(node: PromqlNode | undefined): PromqlNode[] {
  const children: PromqlNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** The text of a node; empty for none. */
export function textOf(node: PromqlNode | undefined, text: string): string {
  return node === undefined ? '' : text.slice(node.from, node.to);
}
