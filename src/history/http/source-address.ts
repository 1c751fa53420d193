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
