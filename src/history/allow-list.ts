/**
 * Decides whether the operator allowed an address that the author of a ScaledObject gave. Both are compared as `URL` reads them,
 * because `URL` is what connects: in `http://prom:9090@evil` the host is `evil`, and `HTTP://PROM:80` is `http://prom`. An address
 * that two programs could read differently (escapes, empty path segments, credentials) is refused.
 */
export function isAllowedAddress(address: string, allowed: readonly string[]): boolean {
  const wanted = plainAddress(address);
  return wanted !== undefined && allowed.some((entry) => isWithin(wanted, plainAddress(entry)));
}

/** An address that consists of an origin and path segments alone. */
interface PlainAddress {
  readonly origin: string;
  readonly segments: readonly string[];
}

/** Reads an address; `undefined` for one that is no URL or has more than a base address should have. */
export function plainAddress(text: string): PlainAddress | undefined {
  // The parser drops white space and control characters and turns "\" into "/", which a person who reads the text does not.
  if (/[^\x21-\x7e]|[\\%?#@;]/.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  const segments = url.pathname.replace(/^\/|\/$/g, '').split('/');
  if (segments.length === 1 && segments[0] === '') return { origin: url.origin, segments: [] };
  return segments.includes('') ? undefined : { origin: url.origin, segments };
}

/** Whether two addresses mean the same place. */
export function isSameAddress(a: string, b: string): boolean {
  const [first, second] = [plainAddress(a), plainAddress(b)];
  return isWithin(first, second) && first !== undefined && second?.segments.length === first.segments.length;
}

/** Whether an address is an allowed one or below it, by whole path segments: `/select/10` is not within `/select/1`. */
function isWithin(address: PlainAddress | undefined, allowed: PlainAddress | undefined): boolean {
  return (
    address !== undefined &&
    allowed !== undefined &&
    address.origin === allowed.origin &&
    allowed.segments.every((segment, index) => address.segments[index] === segment)
  );
}
