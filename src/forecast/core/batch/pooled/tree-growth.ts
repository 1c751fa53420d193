import { type Bins, binCount } from './bins.ts';

/** A node of a tree: what it says, and where it is split, who goes on with which node. */
export interface TreeNode {
  readonly value: number;
  split: Split | undefined;
}

interface Split {
  readonly feature: number;
  /** Rows up to this bin go on with `below`, the others with `above`. */
  readonly bin: number;
  readonly below: TreeNode;
  readonly above: TreeNode;
}

const mostLeaves = 24;
const fewestRowsOfLeaf = 100;
/** What a leaf says is drawn towards nothing as if by so many rows that miss nothing. */
const drawnByRows = 20;

/** Sums over the rows of a node, by feature and bin. */
interface Histogram {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** A node that may be split: its rows are those of the sample from `from` up to `to`. */
interface Leaf {
  readonly node: TreeNode;
  readonly from: number;
  readonly to: number;
  readonly histogram: Histogram;
  /** The best split of its rows: place in the list of features, bin, and what it gains; 0 = none is worth it. */
  readonly best: { readonly place: number; readonly bin: number; readonly gain: number };
}

/**
 * Grows one tree from the rows of a sample, the best split first. A leaf says `rate` × the mean of what its rows miss. The sample is
 * brought into another order.
 */
export function growTree(
  bins: Bins,
  features: readonly number[],
  missing: Float64Array,
  sample: Int32Array,
  rate: number,
): TreeNode {
  const spare = new Int32Array(sample.length);
  const leafOf = (from: number, to: number, histogram: Histogram): Leaf => {
    let sum = 0;
    for (let bin = 0; bin < binCount; bin++) sum += histogram.sums[bin] ?? 0;
    const node = { value: (rate * sum) / (to - from + drawnByRows), split: undefined };
    return { node, from, to, histogram, best: bestSplit(histogram, sum, to - from) };
  };
  const count = (from: number, to: number) => histogramOf(bins, features, missing, sample, from, to);
  const root = leafOf(0, sample.length, count(0, sample.length));
  const leaves = [root];
  while (leaves.length < mostLeaves) {
    const worst = leaves.reduce((so, leaf, i) => (leaf.best.gain > leaves[so]!.best.gain ? i : so), 0);
    const { node, from, to, histogram, best } = leaves[worst]!;
    if (best.gain === 0) break;
    const feature = features[best.place]!;
    const middle = parted(sample, spare, from, to, bins.columns[feature]!, best.bin);
    const isBelowSmaller = middle - from < to - middle;
    const smaller = isBelowSmaller ? count(from, middle) : count(middle, to);
    const larger = less(histogram, smaller);
    const below = leafOf(from, middle, isBelowSmaller ? smaller : larger);
    const above = leafOf(middle, to, isBelowSmaller ? larger : smaller);
    node.split = { feature, bin: best.bin, below: below.node, above: above.node };
    leaves[worst] = below;
    leaves.push(above);
  }
  return root.node;
}

function histogramOf(
  { columns }: Bins,
  features: readonly number[],
  missing: Float64Array,
  sample: Int32Array,
  from: number,
  to: number,
): Histogram {
  const sums = new Float64Array(features.length * binCount);
  const counts = new Float64Array(features.length * binCount);
  features.forEach((feature, place) => {
    const column = columns[feature]!;
    const first = place * binCount;
    for (let i = from; i < to; i++) {
      const row = sample[i]!;
      const at = first + column[row]!;
      sums[at] = sums[at]! + missing[row]!;
      counts[at] = counts[at]! + 1;
    }
  });
  return { sums, counts };
}

/** What is left of a histogram without some of its rows; written over it. */
function less({ sums, counts }: Histogram, without: Histogram): Histogram {
  for (let at = 0; at < sums.length; at++) {
    sums[at] = sums[at]! - without.sums[at]!;
    counts[at] = counts[at]! - without.counts[at]!;
  }
  return { sums, counts };
}

/** The split by which the squared error falls most. */
function bestSplit({ sums, counts }: Histogram, sum: number, count: number): Leaf['best'] {
  const worth = (part: number, rows: number) => (part * part) / (rows + drawnByRows);
  let best = { place: 0, bin: 0, gain: 0 };
  for (let first = 0; first < sums.length; first += binCount) {
    let sumBelow = 0;
    let below = 0;
    for (let bin = 0; bin < binCount - 1; bin++) {
      sumBelow += sums[first + bin]!;
      below += counts[first + bin]!;
      if (below < fewestRowsOfLeaf) continue;
      if (count - below < fewestRowsOfLeaf) break;
      const gain = worth(sumBelow, below) + worth(sum - sumBelow, count - below) - worth(sum, count);
      if (gain > best.gain) best = { place: first / binCount, bin, gain };
    }
  }
  return best;
}

/** Brings the rows up to a bin before the others, each side in the order it had; where the others begin. */
function parted(
  sample: Int32Array,
  spare: Int32Array,
  from: number,
  to: number,
  column: Uint8Array,
  bin: number,
): number {
  let next = from;
  let others = 0;
  for (let i = from; i < to; i++) {
    const row = sample[i]!;
    if (column[row]! <= bin) sample[next++] = row;
    else spare[others++] = row;
  }
  sample.set(spare.subarray(0, others), next);
  return next;
}
