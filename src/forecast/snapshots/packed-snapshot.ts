import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { checkedSnapshot, type Snapshot } from './snapshot.ts';
import { stateVersion } from './state-version.ts';

const compress = promisify(zstdCompress);
/** As small as deflate makes them, in a fifth of its time. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** A packed snapshot begins with digests of what it is of, and of what follows. */
const digestBytes = 32;
const headerBytes = 2 * digestBytes;
/** No state of a model is larger; a larger one is damaged. */
const mostBytes = 4 * 1024 * 1024;

/** What a snapshot is of. Neither part says in words what a trigger has in it, which may be a secret. */
export interface SnapshotIdentity {
  /** A digest of all that the state depends on besides rows, in hexadecimal digits. */
  readonly name: string;
  /** A digest of the same and of what the state is made by, in hexadecimal digits. */
  readonly digest: string;
}

/** The identity of snapshots of one model. `model` says all that the state depends on, besides rows. */
export function identityOf(model: unknown): SnapshotIdentity {
  const words = JSON.stringify(model);
  // Another release of Node may have other arithmetic, and writes values in its own way.
  const identity = JSON.stringify({
    model: words,
    state: stateVersion,
    node: process.version,
    packed: 'zstd',
  });
  return { name: hash('sha256', words), digest: hash('sha256', identity) };
}

/** Packs a snapshot, compressed. It is unpacked for the same identity only. */
export async function packSnapshot(snapshot: Snapshot, { digest }: SnapshotIdentity): Promise<Uint8Array> {
  const content = serialize(snapshot);
  // Told how much it is, it takes no more working memory than that needs.
  const body = await compress(content, { params, pledgedSrcSize: content.length });
  return Buffer.concat([Buffer.from(digest, 'hex'), digestOf(body), body]);
}

/**
 * Unpacks a snapshot, which takes half a millisecond; in another thread of Node it would take three times as much, most of it for
 * coming and going. Throws an error that says why the bytes are not a whole one of that identity.
 */
export function unpackSnapshot(bytes: Uint8Array, { digest }: SnapshotIdentity): Snapshot {
  if (bytes.length < headerBytes) throw new Error('it is cut off');
  if (!Buffer.from(digest, 'hex').equals(bytes.subarray(0, digestBytes)))
    throw new Error('it is of another version, or of other settings');
  const body = bytes.subarray(headerBytes);
  if (!digestOf(body).equals(bytes.subarray(digestBytes, headerBytes))) throw new Error('it is damaged');
  return checkedSnapshot(deserialize(zstdDecompressSync(body, { maxOutputLength: mostBytes })));
}

function digestOf(content: Uint8Array): Buffer {
  return hash('sha256', content, 'buffer');
}
