import { draw } from '../../arithmetic/draw.ts';
import type { Trees } from '../../families/trees.ts';
import { binned, upperEdge } from './bins.ts';
import { growTree, type TreeNode } from './tree-growth.ts';

const treeCount = 150;
/** Share of what a tree says that is believed. */
const rate = 0.12;
/** Shares of the rows and of the features that a tree is grown from: trees that are less alike, in less time. */
const rowShare = 0.3;
const featureShare = 0.5;
/** An answer that is farther off than this is treated as if it were so far off, so that a few odd days do not rule a tree. */
const farthestOff = 0.7;

/**
 * Learns boosted trees from rows of features to answers in about one unit (Friedman 2001, on histograms as LightGBM does). The order of the rows
 * counts, chance does not: what looks like it is a function of the numbers of rows and trees.
 */
export function boostedTrees(columns: readonly Float32Array[], answers: Float32Array): Trees {
  const bins = binned(columns);
  const said = new Float32Array(answers.length);
  const missing = new Float64Array(answers.length);
  const rows = new Int32Array(answers.length);
  const grown: TreeNode[] = [];
  for (let tree = 0; tree < treeCount; tree++) {
    let count = 0;
    for (let row = 0; row < answers.length; row++) {
      const off = answers[row]! - said[row]!;
      missing[row] = Math.max(-farthestOff, Math.min(farthestOff, off));
      if (draw(2 * tree, row) < rowShare) rows[count++] = row;
    }
    const features = [...columns.keys()].filter((feature) => draw(2 * tree + 1, feature) < featureShare);
    const root = growTree(bins, features, missing, rows.subarray(0, count), rate);
    for (let row = 0; row < answers.length; row++) {
      let node = root;
      while (node.split !== undefined)
        node =
          bins.columns[node.split.feature]![row]! <= node.split.bin ? node.split.below : node.split.above;
      said[row] = said[row]! + node.value;
    }
    grown.push(root);
  }
  return inOrder(grown, bins.edges);
}

/** Grown trees as the table that answers. */
function inOrder(grown: readonly TreeNode[], edges: readonly Float64Array[]): Trees {
  const roots: number[] = [];
  const features: number[] = [];
  const numbers: number[] = [];
  const above: number[] = [];
  const write = ({ value, split }: TreeNode): void => {
    const at = features.length;
    features.push(split?.feature ?? -1);
    numbers.push(split === undefined ? value : upperEdge(edges[split.feature]!, split.bin));
    above.push(0);
    if (split === undefined) return;
    write(split.below);
    above[at] = features.length;
    write(split.above);
  };
  for (const root of grown) {
    roots.push(features.length);
    write(root);
  }
  return {
    roots: Int32Array.from(roots),
    features: Int8Array.from(features),
    numbers: Float64Array.from(numbers),
    above: Int32Array.from(above),
  };
}
