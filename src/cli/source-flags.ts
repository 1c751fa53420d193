import type { Command } from 'commander';
import { type TSchema, Type } from 'typebox';
import {
  type ConnectionSettings,
  connectionSettings,
  parseSourceAddress,
} from '../history/http/connection-settings.ts';
import { type SourceKindName, sourceKinds } from '../history/sources.ts';
import type { FlagValues } from './flag-values.ts';

/** Flags of a connection to a source: the address by the flag of its kind, and that kind's own settings by their names. */
export type SourceFlags = { readonly [K in SourceKindName]?: string } & {
  readonly bearerTokenFile?: string;
  readonly unsafeSsl?: boolean;
};

export const kindNames = Object.keys(sourceKinds) as SourceKindName[];
/** The flags that name a source, for messages. */
export const addressFlags = kindNames.map((kind) => `--${kind} URL`).join(' or ');

/** A setting that only one kind of source has. */
interface OwnSetting {
  readonly name: string;
  readonly flag: string;
  readonly description: string;
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
      flag: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      description,
      isRequired: required.includes(name),
    }));
}

/** Adds the flags of a connection to a source of one of the given kinds. */
export function addSourceOptions(command: Command, kinds: readonly SourceKindName[] = kindNames): Command {
  for (const kind of kinds) {
    const what = `base address of ${sourceKinds[kind].title}; http://user:password@host for basic auth`;
    command.option(`--${kind} <url>`, what);
    for (const { flag, description } of ownSettings(kind)) {
      command.option(`${flag} <text>`, `with --${kind}: ${description}`);
    }
  }
  return command
    .option('--bearer-token-file <file>', 'file with a bearer token for it')
    .option('--unsafe-ssl', 'accept any certificate of it');
}

/** The connection to a source that the flags describe. What is wrong is collected in `values`. */
export function readConnection(
  kind: SourceKindName,
  flags: SourceFlags,
  values: FlagValues,
): ConnectionSettings {
  const { [kind]: url = '', bearerTokenFile, unsafeSsl } = flags;
  const address = parseSourceAddress(url);
  if (typeof address === 'string') values.fault(`--${kind}`, address);
  const own = ownSettings(kind).flatMap(({ name, flag, description, isRequired }) => {
    const value = (flags as Readonly<Record<string, unknown>>)[name];
    if (value === undefined && isRequired) values.fault(flag, `needed with --${kind}: ${description}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    url,
    ...(bearerTokenFile === undefined ? {} : { bearerTokenFile }),
    ...(unsafeSsl === undefined ? {} : { unsafeSsl }),
    ...Object.fromEntries(own),
  };
}
