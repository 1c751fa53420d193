import type { ConnectionSettings } from '../history/http/connection-settings.ts';
import { parseSourceAddress } from '../history/http/source-address.ts';
import { kindNames, type OwnSetting, type SourceKindName, sourceKinds } from '../history/kinds.ts';
import { anyText } from '../platform/setting-values.ts';
import { everyPair, type Flag, type FlagReading, type FlagTable, flagName, switchedOn } from './flags.ts';

/** Flags of a connection to a source: the address by the flag of its kind. A kind's own settings are in the table too. */
type SourceFlagTable = { readonly [K in SourceKindName]: Flag<string> } & typeof connectionFlags & FlagTable;

/** Flags of every connection, with what a profile of the server has. */
export const connectionFlags = {
  bearerTokenFile: { value: 'file', meaning: 'file with a bearer token for it', ...anyText },
  header: {
    value: 'name=value',
    meaning: 'sent along with every request; may be repeated',
    isRepeatable: true,
    isSecret: true,
    ...everyPair,
  },
  caFile: { value: 'file', meaning: 'PEM of the authorities to trust instead of the system’s', ...anyText },
  certFile: { value: 'file', meaning: 'PEM of the client certificate (mTLS)', ...anyText },
  keyFile: { value: 'file', meaning: 'PEM of its key', ...anyText },
  unsafeSsl: { meaning: 'accept any certificate of it', ...switchedOn },
} as const satisfies FlagTable;

/** The flags that name a source, for messages. */
export const addressFlags = kindNames.map((kind) => `--${kind} URL`).join(' or ');

/** Flags of the settings that only one kind has; those with a default concern the server alone. */
function ownFlags(kind: SourceKindName) {
  return Object.entries<OwnSetting>(sourceKinds[kind].own)
    .filter(([, setting]) => setting.default === undefined)
    .map(([name, { description, isRequired }]) => {
      const flag: Flag<string> = { value: 'text', meaning: `with --${kind}: ${description}`, ...anyText };
      return { name, flag, isRequired };
    });
}

/** The flags of a connection to a source of one of the given kinds. */
export function sourceFlags(kinds: readonly SourceKindName[] = kindNames): SourceFlagTable {
  const ofKinds = kinds.flatMap((kind): [string, Flag<unknown>][] => {
    const what = `base address of ${sourceKinds[kind].title}; http://user:password@host for basic auth`;
    return [
      [kind, { value: 'url', meaning: what, ...anyText }],
      ...ownFlags(kind).map(({ name, flag }): [string, Flag<unknown>] => [name, flag]),
    ];
  });
  return {
    ...Object.fromEntries(ofKinds),
    ...connectionFlags,
  } as unknown as SourceFlagTable;
}

/** The connection to a source that the flags describe. What is wrong is collected in `flags`. */
export function readConnection(
  kind: SourceKindName,
  flags: FlagReading<SourceFlagTable>,
): ConnectionSettings {
  const connection = connectionTo(`--${kind}`, flags.values[kind] ?? '', flags);
  const own = ownFlags(kind).flatMap(({ name, flag, isRequired }) => {
    const value = flags.values[name];
    if (value === undefined && isRequired) flags.wrong(flagName(name, flag), `needed ${flag.meaning}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...connection, ...Object.fromEntries(own) };
}

/** The connection to `url`, which was given as `name`, with what the flags add to it. What is wrong is collected in `flags`. */
export function connectionTo(
  name: string,
  url: string,
  flags: Pick<FlagReading<typeof connectionFlags>, 'values' | 'wrong'>,
): ConnectionSettings {
  const { bearerTokenFile, header: headers, unsafeSsl, caFile, certFile, keyFile } = flags.values;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    flags.wrong(
      certFile === undefined ? '--key-file' : '--cert-file',
      'needs both --cert-file and --key-file',
    );
  }
  const tls = {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
  const address = parseSourceAddress(url);
  if (typeof address === 'string') flags.wrong(name, address);
  return {
    url,
    ...(bearerTokenFile === undefined ? {} : { bearerTokenFile }),
    ...(headers === undefined ? {} : { headers }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(unsafeSsl ? { unsafeSsl } : {}),
  };
}
