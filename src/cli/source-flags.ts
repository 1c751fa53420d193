import { type TSchema, Type } from 'typebox';
import {
  type ConnectionSettings,
  connectionSettings,
  parseSourceAddress,
} from '../history/http/connection-settings.ts';
import { type SourceKindName, sourceKinds } from '../history/sources.ts';
import { anyText } from '../platform/setting-values.ts';
import { type Flag, type FlagReading, type FlagTable, flagName, switchedOn } from './flags.ts';

/** Flags of a connection to a source: the address by the flag of its kind. A kind's own settings are in the table too. */
type SourceFlagTable = { readonly [K in SourceKindName | 'bearerTokenFile']: Flag<string> } & {
  readonly unsafeSsl: Flag<boolean> & { readonly default: string };
} & FlagTable;

export const kindNames = Object.keys(sourceKinds) as SourceKindName[];
/** The flags that name a source, for messages. */
export const addressFlags = kindNames.map((kind) => `--${kind} URL`).join(' or ');

/** A setting that only one kind of source has. */
interface OwnSetting {
  readonly name: string;
  readonly flag: Flag<string>;
  readonly isRequired: boolean;
}

/** Settings of a kind that a command needs a flag for; those with a default concern the server alone. */
function ownSettings(kind: SourceKindName): OwnSetting[] {
  const shared = Object.keys(connectionSettings(''));
  const { properties, required = [] } = Type.Object(sourceKinds[kind].settings) as {
    readonly properties: Readonly<Record<string, TSchema & { description?: string; default?: unknown }>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties)
    .filter(([name, schema]) => !shared.includes(name) && schema.default === undefined)
    .map(([name, { description = '' }]) => ({
      name,
      flag: { value: 'text', meaning: `with --${kind}: ${description}`, ...anyText },
      isRequired: required.includes(name),
    }));
}

/** The flags of a connection to a source of one of the given kinds. */
export function sourceFlags(kinds: readonly SourceKindName[] = kindNames): SourceFlagTable {
  const ofKinds = kinds.flatMap((kind): [string, Flag<unknown>][] => {
    const what = `base address of ${sourceKinds[kind].title}; http://user:password@host for basic auth`;
    return [
      [kind, { value: 'url', meaning: what, ...anyText }],
      ...ownSettings(kind).map(({ name, flag }): [string, Flag<unknown>] => [name, flag]),
    ];
  });
  return {
    ...Object.fromEntries(ofKinds),
    bearerTokenFile: { value: 'file', meaning: 'file with a bearer token for it', ...anyText },
    unsafeSsl: { meaning: 'accept any certificate of it', ...switchedOn },
  } as unknown as SourceFlagTable;
}

/** The connection to a source that the flags describe. What is wrong is collected in `flags`. */
export function readConnection(
  kind: SourceKindName,
  flags: FlagReading<SourceFlagTable>,
): ConnectionSettings {
  const { [kind]: url = '', bearerTokenFile, unsafeSsl } = flags.values;
  const address = parseSourceAddress(url);
  if (typeof address === 'string') flags.wrong(`--${kind}`, address);
  const own = ownSettings(kind).flatMap(({ name, flag, isRequired }) => {
    const value = flags.values[name];
    if (value === undefined && isRequired) flags.wrong(flagName(name, flag), `needed ${flag.meaning}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    url,
    ...(bearerTokenFile === undefined ? {} : { bearerTokenFile }),
    ...(unsafeSsl ? { unsafeSsl } : {}),
    ...Object.fromEntries(own),
  };
}
