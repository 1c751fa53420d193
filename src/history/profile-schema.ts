import { type Static, type TSchema, Type } from 'typebox';
import { type ConnectionSettings, connectionSettings } from './http/connection-settings.ts';
import {
  defaultKind,
  kindNames,
  type OwnSetting,
  type OwnSettings,
  type SourceKindName,
  sourceKinds,
} from './kinds.ts';

const names = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

const profileName = Type.String({
  pattern: '^[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?$',
  description: 'what triggers give as prometheusAddress; "default" is used where they give none',
});
const access = {
  namespaces: names('Kubernetes namespaces that may use it (default: all)'),
  allowHeaders: names('headers a trigger may set by customHeaders'),
  allowQueryParameters: names('URL parameters a trigger may set by queryParameters or namespace'),
};
const AccessSchema = Type.Object(access);

type ProfileOf<K extends SourceKindName> = { readonly name: string } & Static<typeof AccessSchema> &
  ConnectionSettings &
  OwnSettings<K> &
  (K extends typeof defaultKind ? { readonly kind?: K } : { readonly kind: K });

/** A named source in the server's configuration: where it is, its credentials, and who may use it. */
export type Profile = { [K in SourceKindName]: ProfileOf<K> }[SourceKindName];

function schemaOf(name: SourceKindName): TSchema {
  const kind =
    name === defaultKind
      ? Type.Optional(Type.Enum([...kindNames], { default: defaultKind, description: 'kind of source' }))
      : Type.Literal(name);
  const { url, own } = sourceKinds[name];
  const ownProperties = Object.entries<OwnSetting>(own).map(([key, { isRequired, ...options }]) => {
    const text = Type.String(options);
    return [key, isRequired === true ? text : Type.Optional(text)] as const;
  });
  return Type.Object(
    { name: profileName, kind, ...connectionSettings(url), ...Object.fromEntries(ownProperties), ...access },
    { additionalProperties: false },
  );
}

/** Condition of a profile of another kind. */
function isOfAnotherKind(name: SourceKindName): object {
  const isNamed = (kinds: readonly SourceKindName[]) => ({
    properties: { kind: { enum: kinds } },
    required: ['kind'],
  });
  return name === defaultKind ? isNamed(kindNames.filter((kind) => kind !== name)) : { not: isNamed([name]) };
}

/**
 * Each kind's schema applies to the profiles of that kind; the default kind's also to those that name no kind or an unknown one.
 * The schemas stand under `else`, because TypeBox 1.4 loses the errors of a `then`.
 */
export const ProfileSchema = Type.Unsafe<Profile>({
  allOf: kindNames.map((name) => ({ if: isOfAnotherKind(name), else: schemaOf(name) })),
});
