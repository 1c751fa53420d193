import { lookup } from 'node:dns/promises';
import { invalidField } from '../../platform/errors.ts';

/** One replica: the URL that it is asked by, whose name is kept for TLS and the Host header, and its address. */
export interface PeerAddress {
  readonly url: string;
  readonly address: string;
  readonly family: number;
}

/** Replicas of one release; more addresses than this are of something else. */
const mostAddresses = 32;

/** The URLs of `--peers`, comma-separated. Throws `invalid-argument` where one is none. */
export function parsePeerUrls(text: string): readonly string[] {
  const urls = text.split(',').map((part) => part.trim());
  for (const url of urls) {
    if (URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)) continue;
    throw invalidField(
      '--peers',
      '--peers: this is no URL; write it as http://name-of-all-replicas:8080, or several with commas in between',
    );
  }
  return urls;
}

/** Every address that the names resolve to now. Rejects where one name does not resolve, after as long as the name service takes. */
export async function resolvePeers(urls: readonly string[]): Promise<readonly PeerAddress[]> {
  const found = urls.map(async (url) => {
    const { hostname } = new URL(url);
    const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    return addresses.map(({ address, family }): PeerAddress => ({ url, address, family }));
  });
  return (await Promise.all(found)).flat().slice(0, mostAddresses);
}
