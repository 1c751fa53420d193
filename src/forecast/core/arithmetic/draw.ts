/**
 * A number in [0, 1) for the whole number `index` of the stream `stream`: the same arguments always give the same number, neighbours
 * give unlike ones. Where a method wants chance, for example a sample of rows, this keeps it a pure function. Source: the finaliser of
 * MurmurHash3 (Appleby, public domain).
 */
export function draw(stream: number, index: number): number {
  return mixed(mixed(stream ^ goldenRatio32) ^ index) / 2 ** 32;
}

/** 2^32 divided by the golden ratio. */
const goldenRatio32 = 0x9e3779b9;

function mixed(bits: number): number {
  let h = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
