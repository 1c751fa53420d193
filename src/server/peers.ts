import { lookup } from 'node:dns/promises';
import { Agent, request } from 'undici';
import type { Clock } from '../platform/clock.ts';
import { within } from '../platform/deadline.ts';
import { invalidField } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { type KnownTrigger, parseKnownLines } from '../scaler/index.ts';

/** Route under which a replica tells another what KEDA asks for; it needs the API token. */
const knownWorkloadsPath = '/api/v1/known-workloads';
/** Longest wait for their addresses and for one peer, which answers from memory. A name service that is silent takes minutes. */
const peerMs = 3_000;
/** A list of ten thousand workloads is some megabytes. */
const maxListBytes = 32 * 1024 * 1024;

export interface PeersOptions {
  /** URL of a name that resolves to every replica, such as that of a headless Service. */
  readonly url: string;
  /** The API token of all replicas; undefined = they have none and are on loopback. */
  readonly token: (() => Promise<string>) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The triggers that KEDA asks the other replicas for, so that a replica that has replaced another is warm before it says ready.
 * Asks one peer after the other until one has any; empty where there is none, as for the first replica of all.
 */
export async function readPeers({ url, token, clock, log }: PeersOptions): Promise<readonly KnownTrigger[]> {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (!['http:', 'https:'].includes(protocol)) {
    throw invalidField('--peers', '--peers: this is no URL; write it as http://name-of-all-replicas:8080');
  }
  const found = within(peerMs, lookup(hostname.replace(/^\[|\]$/g, ''), { all: true }));
  const addresses = await found.catch((error: unknown) => {
    log.info({ peer: hostname, error: String(error) }, 'peer-not-asked');
    return [];
  });
  for (const { address, family } of addresses) {
    try {
      const authorization = token === undefined ? {} : { authorization: `Bearer ${await token()}` };
      const text = await within(peerMs, (signal) =>
        readText(url, { address, family }, authorization, signal),
      );
      const known = await parseKnownLines(text, clock);
      if (known.length === 0) continue;
      log.info({ peer: address, workloads: known.length }, 'peer-asked');
      return known;
    } catch (error) {
      // This replica itself is among the addresses and does not listen yet.
      log.info({ peer: address, error: String(error) }, 'peer-not-asked');
    }
  }
  return [];
}

/** The body of one replica's answer. The name in the URL is kept for TLS and the Host header. */
async function readText(
  url: string,
  { address, family }: { readonly address: string; readonly family: number },
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const dispatcher = new Agent({
    connect: { lookup: (_name, _options, done) => done(null, [{ address, family }]) },
    maxResponseSize: maxListBytes,
  });
  try {
    const { statusCode, body } = await request(new URL(knownWorkloadsPath, url), {
      dispatcher,
      headers,
      signal,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`it answers ${statusCode}`);
    return text;
  } finally {
    await dispatcher.destroy();
  }
}
