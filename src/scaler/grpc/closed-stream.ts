import type { ServerHttp2Stream } from 'node:http2';

/** A stream of Node by the names of its fields. */
type Fields = Record<PropertyKey, unknown>;

/** What says how a stream is. That of one stream that is closed says it as well of every other. */
const ofHowItIs: readonly PropertyKey[] = ['_readableState', '_writableState'];
/** What node:http2 keeps of a stream under names that only it has, by what they are called. */
const ofItsCall: ReadonlySet<string | undefined> = new Set(['state', 'raw-headers', 'sent-trailers']);

/** The first stream that was closed, and the fields that others take over from it. */
let first: { readonly of: Fields; readonly fields: readonly PropertyKey[] } | undefined;

/**
 * Lets a closed stream go of what listens to it and of all that tells of its call. A stream of Node outlives collections of young
 * objects (ADR 29), and with it all that it refers to. It is closed afterwards as before, because it shares the state of another closed
 * stream.
 */
export function emptyClosedStream(stream: ServerHttp2Stream): void {
  stream.removeAllListeners();
  if (!stream.destroyed || !stream.closed) return;
  const fields = stream as unknown as Fields;
  first ??= { of: fields, fields: sharedFields(fields) };
  if (first.of === fields) return;
  for (const field of first.fields) fields[field] = first.of[field];
}

function sharedFields(fields: Fields): readonly PropertyKey[] {
  const ofCall = Object.getOwnPropertySymbols(fields).filter(({ description }) => ofItsCall.has(description));
  return [...ofHowItIs.filter((name) => name in fields), ...ofCall];
}
