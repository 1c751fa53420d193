import { withoutUserInfo } from '../../platform/without-user-info.ts';

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
  if (/@|%40/.test(url.pathname)) {
    return `${withoutUserInfo(text)} has an "@" in its path; if that ends a password, write / ? # and @ within it as %2F %3F %23 and %40`;
  }
  const hasUserInfo = url.username !== '' || url.password !== '';
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    userInfo: hasUserInfo ? { username: decoded(url.username), password: decoded(url.password) } : undefined,
  };
}

/** Decodes what is encoded in a part of a URL; a `%` that encodes nothing stays as it is. */
function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
