import { ForescaleError } from '../errors.ts';
import type { Kind } from '../setting-values.ts';
import { withoutUserInfo } from '../without-user-info.ts';

/** The address of a gRPC server for a client, as KEDA's `scalerAddress`: it has neither credentials nor a scheme of HTTP. */
export const grpcAddress: Kind<string> = {
  allowed: 'host:port, such as 127.0.0.1:6000',
  parse: (text) => (/^(?!https?:)[^@\s?#]+:\d+$/i.test(text) ? text : undefined),
};

/** Parses `host:port`, `[v6]:port` or `:port` (all addresses). Throws `invalid-argument` that names the flag. */
export function parseHostPort(flag: string, text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]@/\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new ForescaleError(
      'invalid-argument',
      `${flag}: "${withoutUserInfo(text)}" is not an address; use host:port, such as 0.0.0.0:8080`,
    );
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
}

/** True for a host that only this machine can connect to. Accepts IPv6 with or without the brackets of a URL. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}
