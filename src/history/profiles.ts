import { ForescaleError, invalidField, invalidFields } from '../platform/errors.ts';
import { fromEnvironment } from '../platform/secrets/from-environment.ts';
import { withoutUserInfo } from '../platform/without-user-info.ts';
import { isAllowedAddress, isSameAddress } from './allow-list.ts';
import { concealing, wordless } from './concealing.ts';
import { configurationErrors, type SourcesConfiguration } from './configuration-errors.ts';
import { extrasErrors } from './extras.ts';
import type { Proxies } from './http/proxies.ts';
import { parseSourceAddress } from './http/source-address.ts';
import { defaultKind } from './kinds.ts';
import type { Profile } from './profile-schema.ts';
import type { NamedSource, OpenSource, SeriesSource, SourceWish } from './source.ts';
import { openSource } from './sources.ts';

export type Sources = ReturnType<typeof createSources>;

/** Grants sources by profile name or allowed address; each is opened once. Throws every error of the configuration at once. */
export function createSources(options: SourcesConfiguration) {
  const { profiles, allowedAddresses } = options;
  const fieldErrors = configurationErrors(options);
  if (fieldErrors.length > 0) throw invalidFields('configuration', fieldErrors);
  const defaultProfile = chooseDefault(options);
  const open = new Map<string, OpenSource>();

  function grant({ address, namespace }: SourceWish): Profile {
    if (address === undefined || address === '') {
      if (defaultProfile !== undefined) return usableBy(defaultProfile, namespace);
      const message =
        'prometheusAddress: not given, and this server has no default source; start it with --prometheus-url';
      throw invalidField('prometheusAddress', message);
    }
    const byName = profiles.find(({ name }) => name === address);
    if (byName !== undefined) return usableBy(byName, namespace);
    const known = defaultProfile === undefined ? profiles : [...profiles, defaultProfile];
    const byUrl = known.filter(({ url }) => isSameAddress(address, parsedBase(url)));
    const usable = byUrl.find((profile) => mayUse(profile, namespace));
    if (usable !== undefined) return usable;
    if (isAllowedAddress(address, allowedAddresses)) return plainProfile(address);
    throw notAllowed(address, namespace, byUrl);
  }

  function opened(profile: Profile): OpenSource {
    const source = open.get(profile.name) ?? openProfile(profile, options.proxies);
    open.set(profile.name, source);
    return source;
  }

  function granted(wish: SourceWish): NamedSource {
    const profile = grant(wish);
    const refused = extrasErrors(profile, wish);
    if (refused.length > 0) throw invalidFields(`source ${profile.name}`, refused);
    const source = opened(profile);
    const { headers = {}, parameters = {}, timeoutMs, namespace } = wish;
    const isConcealed = wish.concealed !== undefined;
    const extras = { namespace, headers, parameters, timeoutMs, isConcealed };
    const place = `${profile.kind ?? defaultKind} ${profile.url}`;
    return { name: profile.name, source: source.with(extras), place };
  }

  return {
    /** Throws `address-not-allowed`, or `invalid-argument` for headers and parameters the source is closed to. */
    resolve(wish: SourceWish): NamedSource {
      const { concealed } = wish;
      if (concealed === undefined) return granted(wish);
      try {
        const { name, source, place } = granted(wish);
        const shownName = concealed === 'address' ? fromEnvironment : name;
        return { name: shownName, source: concealing(source), place };
      } catch (error) {
        throw concealed === 'address' ? wordless(error) : error;
      }
    },
    /**
     * The source that the server itself asks, whatever namespaces it is for: the profile of that name, or by default the source of
     * triggers that name none. Undefined where there is none, or where it has no labels.
     */
    ofServer(profileName?: string): SeriesSource | undefined {
      const profile =
        profileName === undefined ? defaultProfile : profiles.find(({ name }) => name === profileName);
      const { vector } = profile === undefined ? {} : opened(profile);
      return profile === undefined || vector === undefined ? undefined : { name: profile.name, vector };
    },
    async close(): Promise<void> {
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map((source) => source.close()));
    },
  };
}

function openProfile(profile: Profile, proxies: Proxies | undefined): OpenSource {
  const { name: _, namespaces: _1, allowHeaders: _2, allowQueryParameters: _3, kind, ...settings } = profile;
  return openSource(kind ?? defaultKind, settings, { proxies });
}

/**
 * Chooses the source of triggers that name none: the address of `--prometheus-url` and the profile that has it, else the profile
 * called default, else the only profile.
 */
function chooseDefault({ defaultUrl, profiles }: SourcesConfiguration): Profile | undefined {
  if (defaultUrl !== undefined) {
    const base = parsedBase(defaultUrl);
    return (
      profiles.find(({ url }) => isSameAddress(parsedBase(url), base)) ?? { name: base, url: defaultUrl }
    );
  }
  return profiles.find(({ name }) => name === 'default') ?? (profiles.length === 1 ? profiles[0] : undefined);
}

/** Makes a profile for an allowed address: it has no credentials and lets a trigger add nothing. Its name is the address. */
function plainProfile(address: string): Profile {
  const base = parsedBase(address);
  return { name: base, url: base };
}

function parsedBase(url: string): string {
  const parsed = parseSourceAddress(url);
  return typeof parsed === 'string' ? url : parsed.base;
}

function mayUse({ namespaces }: Profile, namespace: string): boolean {
  return namespaces === undefined || namespaces.includes(namespace);
}

function usableBy(profile: Profile, namespace: string): Profile {
  if (mayUse(profile, namespace)) return profile;
  throw new ForescaleError(
    'address-not-allowed',
    `prometheusAddress: the namespace "${namespace}" may not use the profile "${profile.name}"; add it to the profile's namespaces in the server's configuration`,
  );
}

function notAllowed(address: string, namespace: string, profiles: readonly Profile[]): ForescaleError {
  const shown = withoutUserInfo(address);
  const [closed] = profiles;
  const why =
    closed === undefined
      ? 'is no profile of this server and not on its list of allowed addresses'
      : `is that of the profile "${closed.name}", which the namespace "${namespace}" may not use`;
  const message = `prometheusAddress: "${shown}" ${why}; have it added to allowedAddresses or profiles in the server's configuration`;
  return new ForescaleError('address-not-allowed', message, {
    fieldErrors: [{ field: 'prometheusAddress', value: shown, message }],
  });
}
