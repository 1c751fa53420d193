import type { Kind } from './setting-values.ts';

/** The name of a time zone that the runtime's IANA database knows. */
export const timeZone: Kind<string> = {
  allowed: 'an IANA time zone such as Europe/Berlin',
  parse(text) {
    const name = text.trim();
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return name;
    } catch (cause) {
      if (cause instanceof RangeError) return undefined;
      throw cause;
    }
  },
};
