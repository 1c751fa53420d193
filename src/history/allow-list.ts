/**
 * Decides whether an address given by someone who may write a ScaledObject is one the operator allowed. Both are
 * compared as `URL` reads them, because that is what connects: `http://prom:9090@evil` is host `evil`, `HTTP://PROM:80`
 * is `http://prom`. What two parties could read differently (escapes, empty path segments, credentials) is refused.
 */
export function isAllowedAddress(address: string, allowed: readonly string[]): boolean {
  const wanted = plainAddress(address);
  return wanted !== undefined && allowed.some((entry) => isWithin(wanted, plainAddress(entry)));
}

/** Origin and path segments of an address that has nothing else. */
interface PlainAddress {
  readonly origin: string;
  readonly segments: readonly string[];
}

/** `undefined` for an address that is no URL or has something a base address should not have. */
export function plainAddress(text: string): PlainAddress | undefined {
  // The parser drops white space and control characters and turns "\" into "/"; a person reading the text does not.
  if (/[^\x21-\x7e]|[\\%?#@;]/.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  const segments = url.pathname.replace(/^\/|\/$/g, '').split('/');
  if (segments.length === 1 && segments[0] === '') return { origin: url.origin, segments: [] };
  return segments.includes('') ? undefined : { origin: url.origin, segments };
}

/** Whether two addresses are one and the same. */
export function isSameAddress(a: string, b: string): boolean {
  const [first, second] = [plainAddress(a), plainAddress(b)];
  return isWithin(first, second) && first !== undefined && second?.segments.length === first.segments.length;
}

/** By whole path segments: `/select/1` is not within `/select/10`, nor the other way round. */
function isWithin(address: PlainAddress | undefined, allowed: PlainAddress | undefined): boolean {
  return (
    address !== undefined &&
    allowed !== undefined &&
    address.origin === allowed.origin &&
    allowed.segments.every((segment, index) => address.segments[index] === segment)
  );
}
