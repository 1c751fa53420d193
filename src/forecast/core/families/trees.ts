/** Boosted trees: the nodes of all of them in order, each split followed by what lies below it, then by what lies above. */
export interface Trees {
  /** Where each tree begins. */
  readonly roots: Int32Array;
  /** The feature that a split asks, by node; −1 = a leaf. */
  readonly features: Int8Array;
  /** A feature of at most this goes on with the next node, by split; the value of a leaf. */
  readonly numbers: Float64Array;
  /** The node that a larger feature goes on with. */
  readonly above: Int32Array;
}

/** Thresholds are written in thousandths, leaves in millionths. */
const thresholdUnit = 1000;
const leafUnit = 1_000_000;

/**
 * Reads trees, one text each: nodes between spaces, in the order of {@link Trees}. A split is `feature:threshold`, a leaf one whole
 * number. Throws a RangeError for a text that is no tree.
 */
export function readTrees(texts: readonly string[]): Trees {
  const nodes = texts.map((text) => text.split(' '));
  const count = nodes.reduce((sum, { length }) => sum + length, 0);
  const trees = {
    roots: new Int32Array(texts.length),
    features: new Int8Array(count).fill(-1),
    numbers: new Float64Array(count),
    above: new Int32Array(count),
  };
  let next = 0;
  for (const [tree, words] of nodes.entries()) {
    const first = next;
    const read = (): void => {
      const at = next++;
      const word = words[at - first] || 'nothing';
      const [feature, threshold] = word.split(':').map(Number) as [number, number?];
      if (!Number.isInteger(feature)) throw new RangeError(`tree ${tree} has ${word} for a node`);
      if (threshold === undefined) {
        trees.numbers[at] = feature / leafUnit;
        return;
      }
      trees.features[at] = feature;
      trees.numbers[at] = threshold / thresholdUnit;
      read();
      trees.above[at] = next;
      read();
    };
    trees.roots[tree] = first;
    read();
    if (next - first !== words.length) throw new RangeError(`tree ${tree} goes on after its end`);
  }
  return trees;
}

/** The sum of the leaves that some features reach. */
export function sumOfTrees({ roots, features, numbers, above }: Trees, values: Float64Array): number {
  let sum = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!;
    for (let feature = features[node]!; feature >= 0; feature = features[node]!)
      node = values[feature]! <= numbers[node]! ? node + 1 : above[node]!;
    sum += numbers[node]!;
  }
  return sum;
}
