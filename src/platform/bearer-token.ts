import { createHash, timingSafeEqual } from 'node:crypto';

/** What a request's `Authorization` header is worth. */
export type BearerCheck = (authorization: string | undefined) => 'right' | 'wrong' | 'missing';

/** Compares in a time that tells nothing of the token. */
export function createBearerCheck(token: string): BearerCheck {
  const wanted = digest(token);
  return (authorization) => {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return 'missing';
    return timingSafeEqual(digest(given), wanted) ? 'right' : 'wrong';
  };
}

/** Digests have one length, which timingSafeEqual needs and which hides the token's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
