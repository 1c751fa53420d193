import { type Static, Type } from 'typebox';

const file = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/**
 * Settings of a connection to any HTTP source; each kind says what its `url` is. Secrets stay in files, which are read again when
 * they change.
 */
export const connectionSettings = (url: string) => ({
  url: Type.String({ description: url }),
  bearerTokenFile: file('file with a bearer token'),
  basicAuth: Type.Optional(
    Type.Object(
      {
        username: Type.String({ minLength: 1 }),
        passwordFile: Type.String({ minLength: 1, description: 'file with the password' }),
      },
      { additionalProperties: false },
    ),
  ),
  tls: Type.Optional(
    Type.Object(
      {
        caFile: file('PEM of the authorities to trust instead of the system’s'),
        certFile: file('PEM of the client certificate (mTLS)'),
        keyFile: file('PEM of its key'),
      },
      { additionalProperties: false },
    ),
  ),
  unsafeSsl: Type.Optional(
    Type.Boolean({ default: false, description: 'accept any certificate; for tests, never in production' }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'sent along with every request' }),
  ),
});

const ConnectionSchema = Type.Object(connectionSettings('base address'));
export type ConnectionSettings = Static<typeof ConnectionSchema>;

/** Where a source is. */
export interface SourceAddress {
  /** Origin and path, without a slash at the end and without credentials. */
  readonly base: string;
  /** Credentials that the URL carried. */
  readonly userInfo: { readonly username: string; readonly password: string } | undefined;
}

/** Address that a URL names, or a sentence (without the URL's credentials) about why it names none. */
export function parseSourceAddress(text: string): SourceAddress | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `${withoutUserInfo(text)} is no URL; write it as http://host:port`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `${withoutUserInfo(text)} is neither http:// nor https://; write it as http://host:port`;
  }
  if (url.search !== '' || url.hash !== '') {
    return `${withoutUserInfo(text)} carries a query or fragment; give the base address alone`;
  }
  const hasUserInfo = url.username !== '' || url.password !== '';
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    userInfo: hasUserInfo
      ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
      : undefined,
  };
}

/** Hides the credentials of a URL, for messages and logs. */
export function withoutUserInfo(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:[/\\]{0,2})[^/?#]*@/i, '$1…@');
}
