import type { parser } from '@prometheus-io/lezer-promql';

/** What Prometheus' grammar makes of a text, and a node of it. */
export type Tree = ReturnType<typeof parser.parse>;
export type SyntaxNode = Tree['topNode'];
