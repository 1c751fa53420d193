import { Agent, type Dispatcher, request } from 'undici';
import { within } from '../../platform/deadline.ts';
import type { CertificateSource } from '../../platform/tls/serving-certificate.ts';
import type { PeerAddress } from './peer-addresses.ts';
import { connectorTo } from './peer-connector.ts';

/** Longest wait for a peer, which answers from memory. */
export const peerMs = 3_000;

/** How replicas know one another. */
export interface PeerAccess {
  /** The current API token of all replicas; undefined = they have none. */
  readonly token: (() => Promise<string>) | undefined;
  /** The certificate that all replicas serve; undefined = they speak no TLS. */
  readonly certificates?: Pick<CertificateSource, 'current'> | undefined;
}

interface PeerQuestion {
  readonly path: string;
  /** Makes it a POST. */
  readonly body?: unknown;
  /** Largest answer that is read. */
  readonly maxBytes: number;
  /** Default: {@link peerMs}. */
  readonly timeoutMs?: number;
}

/** The body of one replica's answer. Rejects where it does not come in time, is too large, or has another status than 200. */
export function askPeer(address: PeerAddress, access: PeerAccess, question: PeerQuestion): Promise<string> {
  return ask(address, access, question, async ({ statusCode, body }) => {
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`it answers ${statusCode}`);
    return text;
  });
}

/** The same as bytes; undefined where the replica does not have what is asked for (404). */
export function askPeerForBytes(
  address: PeerAddress,
  access: PeerAccess,
  question: PeerQuestion,
): Promise<Uint8Array | undefined> {
  return ask(address, access, question, async ({ statusCode, body }) => {
    const bytes = await body.bytes();
    if (statusCode === 404) return undefined;
    if (statusCode !== 200) throw new Error(`it answers ${statusCode}`);
    return bytes;
  });
}

function ask<T>(
  { url, address, family }: PeerAddress,
  { token, certificates }: PeerAccess,
  { path, body, maxBytes, timeoutMs = peerMs }: PeerQuestion,
  read: (answer: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  return within(timeoutMs, async (signal) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${await token()}` };
    const dispatcher = new Agent({
      connect: connectorTo({ address, family }, certificates),
      maxResponseSize: maxBytes,
    });
    try {
      const answer = await request(new URL(path, url), {
        dispatcher,
        signal,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return await read(answer);
    } finally {
      await dispatcher.destroy();
    }
  });
}
