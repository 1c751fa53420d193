import type { FieldError } from '../platform/errors.ts';
import type { Profile } from './profile-schema.ts';
import type { RequestExtras } from './source.ts';

/**
 * Checks that the profile allows, by name, everything a trigger wants sent along: with the profile's credentials, a header such as
 * X-Scope-OrgID would open another tenant's data. The trigger's own namespace as parameter `namespace` can only narrow an answer,
 * so it is always allowed. An error does not repeat the name: in a malformed text a secret can stand where a name should.
 */
export function extrasErrors(
  profile: Profile,
  wish: RequestExtras & { readonly namespace: string },
): FieldError[] {
  const allowedHeaders = profile.allowHeaders ?? [];
  const allowedParameters = profile.allowQueryParameters ?? [];
  const isHeaderAllowed = (name: string) =>
    allowedHeaders.some((allowed) => allowed.toLowerCase() === name.toLowerCase());
  const { namespace, ...parameters } = wish.parameters ?? {};
  const fieldErrors: FieldError[] = [];
  if (!Object.keys(wish.headers ?? {}).every(isHeaderAllowed)) {
    fieldErrors.push(refusedExtra('customHeaders', allowedHeaders, 'allowHeaders'));
  }
  if (!Object.keys(parameters).every((name) => allowedParameters.includes(name))) {
    fieldErrors.push(refusedExtra('queryParameters', allowedParameters, 'allowQueryParameters'));
  }
  const isOwn = namespace === undefined || namespace === wish.namespace;
  if (!isOwn && !allowedParameters.includes('namespace')) {
    fieldErrors.push(refusedExtra('namespace', allowedParameters, 'allowQueryParameters'));
  }
  return fieldErrors;
}

function refusedExtra(field: string, allowed: readonly string[], setting: string): FieldError {
  const which = allowed.length === 0 ? 'none' : `only ${allowed.join(', ')}`;
  return {
    field,
    message: `${field}: this source allows ${which}; have others added to ${setting} of its profile in the server's configuration`,
  };
}
