import { ForescaleError } from './errors.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[v6]:port` or `:port` (every address). Throws `invalid-argument` naming the flag. */
export function parseHostPort(flag: string, text: string): HostPort {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new ForescaleError(
      'invalid-argument',
      `${flag}: "${text}" is not an address; use host:port, such as 0.0.0.0:8080`,
    );
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port };
}

/** Nobody but this machine can connect to it. IPv6 with or without the brackets a URL puts around it. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host);
}
