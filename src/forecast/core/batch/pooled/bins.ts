/** Features of many rows, each as the number of the bin that it falls into. */
export interface Bins {
  /** Bin of every row, by feature. */
  readonly columns: readonly Uint8Array[];
  /** The largest number of each bin but the last two, rising, by feature. */
  readonly edges: readonly Float64Array[];
}

/** Bins of a feature. The last holds what is not known, the last but one what is above all edges. */
export const binCount = 64;
const unknownBin = binCount - 1;
/** Edges are quantiles of about this many rows. */
const sampledRows = 20_000;

/** Puts columns of numbers into bins that hold about the same number of rows; NaN = not known. */
export function binned(columns: readonly Float32Array[]): Bins {
  const edges = columns.map(edgesOf);
  return {
    edges,
    columns: columns.map((column, f) => Uint8Array.from(column, (value) => binOf(edges[f]!, value))),
  };
}

/** A feature of at most this is in the bin or in one before it; infinite where that is every number, so that only NaN is above. */
export function upperEdge(edges: Float64Array, bin: number): number {
  return bin < edges.length ? edges[bin]! : Number.POSITIVE_INFINITY;
}

function edgesOf(column: Float32Array): Float64Array {
  const distance = Math.max(1, Math.floor(column.length / sampledRows));
  const sampled = column.filter((value, row) => row % distance === 0 && !Number.isNaN(value)).sort();
  const edges: number[] = [];
  for (let bin = 1; bin < unknownBin && sampled.length > 0; bin++) {
    const edge = sampled[Math.floor((bin * sampled.length) / unknownBin)]!;
    if (edges.length === 0 || edge > edges.at(-1)!) edges.push(edge);
  }
  return Float64Array.from(edges);
}

function binOf(edges: Float64Array, value: number): number {
  if (Number.isNaN(value)) return unknownBin;
  let from = 0;
  let to = edges.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value <= edges[middle]!) to = middle;
    else from = middle + 1;
  }
  return from;
}
