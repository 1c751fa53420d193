import { type Static, type TObject, Type } from 'typebox';

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
  proxyUrl: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'HTTP proxy on the way (default: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say)',
    }),
  ),
  method: Type.Optional(
    Type.Enum(['GET', 'POST'], {
      description: 'HTTP method of queries (default: POST, and GET where POST is refused)',
    }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'sent along with every request' }),
  ),
});

export type ConnectionSettings = Static<TObject<ReturnType<typeof connectionSettings>>>;
