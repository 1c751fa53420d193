declare module 'snappyjs' {
  /** Snappy block format, without framing: what remote write asks for. */
  export function compress(uncompressed: Uint8Array): Uint8Array;
  export function uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array;
}
