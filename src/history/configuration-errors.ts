import type { FieldError } from '../platform/errors.ts';
import { withoutUserInfo } from '../platform/without-user-info.ts';
import { plainAddress } from './allow-list.ts';
import type { ConnectionSettings } from './http/connection-settings.ts';
import { type Proxies, proxyUrlError } from './http/proxies.ts';
import { parseSourceAddress } from './http/source-address.ts';
import type { Profile } from './profile-schema.ts';

/** The part of the server's configuration that is about sources. */
export interface SourcesConfiguration {
  /** Address of the source of triggers that name none. */
  readonly defaultUrl: string | undefined;
  readonly profiles: readonly Profile[];
  /** Addresses a trigger may name, and everything below their paths; no credentials are sent there. */
  readonly allowedAddresses: readonly string[];
  /** Proxies of the environment, for sources whose profile names none. */
  readonly proxies?: Proxies;
}

/** Everything that is wrong with the sources of a configuration file and that its schema cannot say. */
export function configurationErrors({
  profiles,
  allowedAddresses,
  defaultUrl,
}: SourcesConfiguration): FieldError[] {
  const fieldErrors = profiles.flatMap((profile, index) => connectionErrors(profile, `profiles[${index}]`));
  const seen = new Set<string>();
  for (const [index, { name }] of profiles.entries()) {
    const field = `profiles[${index}].name`;
    if (seen.has(name))
      fieldErrors.push({ field, value: name, message: `${field}: "${name}" is there twice` });
    seen.add(name);
  }
  for (const [index, address] of allowedAddresses.entries()) {
    if (plainAddress(address) !== undefined) continue;
    const field = `allowedAddresses[${index}]`;
    const shown = withoutUserInfo(address);
    const message = `${field}: "${shown}" is no plain address; write it as http://host:port/path, without credentials, escapes or a query`;
    fieldErrors.push({ field, value: shown, message });
  }
  const parsedDefault = defaultUrl === undefined ? undefined : parseSourceAddress(defaultUrl);
  if (typeof parsedDefault === 'string') {
    fieldErrors.push({ field: 'prometheusUrl', message: `prometheusUrl: ${parsedDefault}` });
  }
  return fieldErrors;
}

/** Errors of one connection: an address that is none, credentials that exclude each other, half a key pair. */
function connectionErrors(settings: ConnectionSettings, path: string): FieldError[] {
  const fieldErrors: FieldError[] = [];
  const add = (name: string, message: string) => {
    fieldErrors.push({ field: `${path}.${name}`, message: `${path}.${name}: ${message}` });
  };
  const address = parseSourceAddress(settings.url);
  if (typeof address === 'string') add('url', address);
  else if (address.userInfo !== undefined) add('url', 'carries credentials; put them into basicAuth');
  const proxyError = settings.proxyUrl === undefined ? undefined : proxyUrlError(settings.proxyUrl);
  if (proxyError !== undefined) add('proxyUrl', proxyError);
  if (settings.bearerTokenFile !== undefined && settings.basicAuth !== undefined) {
    add('basicAuth', 'cannot be used beside bearerTokenFile; keep one of them');
  }
  if ((settings.tls?.certFile === undefined) !== (settings.tls?.keyFile === undefined)) {
    add('tls', 'certFile and keyFile are needed together');
  }
  return fieldErrors;
}
