import { invalidField } from '../../platform/errors.ts';
import { withoutUserInfo } from '../../platform/without-user-info.ts';
import { parseSourceAddress } from './source-address.ts';

/** The proxies that the environment names. */
export interface Proxies {
  /** For addresses that begin with http:// and with https://. */
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Hosts that are reached directly, separated by commas; `*` = all. */
  readonly except?: string | undefined;
}

/** The proxy through which one source is reached. */
export interface SourceProxy {
  /** With its credentials. */
  readonly url: string;
  /** Without them, for messages. */
  readonly shown: string;
  /** Value of the header by which the proxy knows us; empty without credentials. */
  readonly authorization: string;
  /** Hosts that are reached directly all the same. */
  readonly except: string;
}

/** This machine is reached directly, as programs in Go do it; a proxy would reach its own. */
const loopback = 'localhost,127.0.0.1,[::1]';

/** Reads the proxies as other programs do; a name in lower case wins. */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies {
  const read = (name: string) => (env[name.toLowerCase()] ?? env[name])?.trim() || undefined;
  return { http: read('HTTP_PROXY'), https: read('HTTPS_PROXY'), except: read('NO_PROXY') };
}

/**
 * The proxy for an address: the one of its profile, else the environment's for its protocol. Throws `invalid-argument` where that is
 * no address of a proxy.
 */
export function proxyFor(
  address: string,
  proxyUrl: string | undefined,
  { http, https, except = '' }: Proxies = {},
): SourceProxy | undefined {
  if (proxyUrl !== undefined) return { ...parsed('proxyUrl', proxyUrl), except: '' };
  const isHttps = address.startsWith('https:');
  const url = isHttps ? https : http;
  if (url === undefined || except.split(/[\s,]+/).includes('*')) return undefined;
  const named = parsed(isHttps ? 'HTTPS_PROXY' : 'HTTP_PROXY', url.includes('://') ? url : `http://${url}`);
  return { ...named, except: `${except},${loopback}` };
}

/** What is wrong with the address of a proxy; undefined for a good one. */
export function proxyUrlError(text: string): string | undefined {
  const address = parseSourceAddress(text);
  return typeof address === 'string' ? address : undefined;
}

function parsed(name: string, text: string): Omit<SourceProxy, 'except'> {
  const address = parseSourceAddress(text);
  if (typeof address === 'string') throw invalidField(name, `${name}: ${address}`, withoutUserInfo(text));
  const { base, userInfo } = address;
  if (userInfo === undefined) return { url: base, shown: base, authorization: '' };
  const { username, password } = userInfo;
  const url = new URL(base);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return { url: url.href, shown: base, authorization };
}
