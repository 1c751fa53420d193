/**
 * A content security policy for pages whose scripts, styles and requests all come from their own server: nothing inline,
 * nothing from another host, and never in a frame of another site.
 */
export function ownContentOnly(allowed: { readonly images: string }): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${allowed.images}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers that keep a browser from guessing content types and from telling other sites where it came from. */
export const browserGuards = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
