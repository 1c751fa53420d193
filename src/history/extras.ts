import type { FieldError } from '../platform/errors.ts';
import type { Profile } from './profile-schema.ts';
import type { RequestExtras } from './source.ts';

/**
 * Checks that the profile allows, by name, everything a trigger wants sent along: with the profile's credentials, a header such as
 * X-Scope-OrgID would open another tenant's data. The trigger's own namespace as parameter `namespace` can only narrow an answer,
 * so it is always allowed.
 */
export function extrasErrors(
  profile: Profile,
  wish: RequestExtras & { readonly namespace: string },
): FieldError[] {
  const allowedHeaders = (profile.allowHeaders ?? []).map((name) => name.toLowerCase());
  const fieldErrors: FieldError[] = [];
  for (const name of Object.keys(wish.headers ?? {})) {
    if (allowedHeaders.includes(name.toLowerCase())) continue;
    fieldErrors.push(refusedExtra('customHeaders', `the header ${name}`, 'allowHeaders'));
  }
  for (const [name, value] of Object.entries(wish.parameters ?? {})) {
    if (profile.allowQueryParameters?.includes(name) === true) continue;
    if (name === 'namespace' && value === wish.namespace) continue;
    const field = name === 'namespace' ? 'namespace' : 'queryParameters';
    fieldErrors.push(refusedExtra(field, `the parameter ${name}`, 'allowQueryParameters'));
  }
  return fieldErrors;
}

function refusedExtra(field: string, what: string, setting: string): FieldError {
  return {
    field,
    message: `${field}: ${what} is not allowed for this source; have it added to ${setting} of its profile in the server's configuration`,
  };
}
