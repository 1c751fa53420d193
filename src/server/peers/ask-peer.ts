import { Agent, request } from 'undici';
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
export function askPeer(
  { url, address, family }: PeerAddress,
  { token, certificates }: PeerAccess,
  { path, body, maxBytes, timeoutMs = peerMs }: PeerQuestion,
): Promise<string> {
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
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`it answers ${answer.statusCode}`);
      return text;
    } finally {
      await dispatcher.destroy();
    }
  });
}
