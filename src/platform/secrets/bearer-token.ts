import { createHash, timingSafeEqual } from 'node:crypto';

/** Checks a request's `Authorization` header against the token. */
export type BearerCheck = (authorization: string | undefined) => 'right' | 'wrong' | 'missing';

/** The check takes constant time, so its duration reveals nothing about the token. */
export function createBearerCheck(token: string): BearerCheck {
  const wanted = digest(token);
  return (authorization) => {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (given === undefined) return 'missing';
    return timingSafeEqual(digest(given), wanted) ? 'right' : 'wrong';
  };
}

/** All digests have the same length: timingSafeEqual needs that, and it hides the length of the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
