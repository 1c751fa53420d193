/** A kind of value: what a text may be, and the value it stands for. */
export interface Kind<T> {
  /** What a text may be, as a noun phrase that reads on after "must be" and after "use". */
  readonly allowed: string;
  /** The value of a text; undefined where the text is not allowed. */
  readonly parse: (text: string) => T | undefined;
}

/** The value a kind gives for a text that is allowed. */
export type ValueOf<K extends Kind<unknown>> = Exclude<ReturnType<K['parse']>, undefined>;

/** Limits of a value. `from` and `to` belong to the range, `above` and `below` do not. */
export interface Range<Limit> {
  readonly from?: Limit;
  readonly above?: Limit;
  readonly to?: Limit;
  readonly below?: Limit;
}

/** Words that are added to `allowed` where the range alone is not enough. */
export interface Words {
  /** Name of the unit, as in "a number of milliseconds from 0 to 100". */
  readonly unit?: string;
  /** Words after the range, such as an example. */
  readonly note?: string;
  /** The whole text of `allowed`, in place of one that is made from the range. */
  readonly allowed?: string;
}

/** Any text, including the empty one. */
export const anyText: Kind<string> = { allowed: 'any text', parse: (text) => text };

/** A text with a character that is not white space; white space around it is dropped. */
export const someText: Kind<string> = {
  allowed: 'a text that is not empty',
  parse: (text) => (text.trim() === '' ? undefined : text.trim()),
};

/** A text that matches `pattern` as a whole. */
export function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { allowed, parse: (text) => (pattern.test(text) ? text : undefined) };
}

/** A finite number within a range: "a number of days above 0, at most 400". */
export function number(options: Range<number> & Words): Kind<number> {
  return {
    allowed: allowedWords('a number', options),
    parse(text) {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) && isWithin(value, options, Number) ? value : undefined;
    },
  };
}

/** A whole number within a range. */
export function whole(options: Range<number> & Words): Kind<number> {
  const { parse } = number(options);
  return {
    allowed: allowedWords('a whole number', options),
    parse(text) {
      const value = parse(text);
      return Number.isSafeInteger(value) ? value : undefined;
    },
  };
}

/** A share or a factor within a range. */
export function ratio(options: Range<number> & Words): Kind<number> {
  return { ...number(options), allowed: allowedWords('a ratio', options) };
}

/** One of a few names; white space around it is dropped. */
export function oneOf<const T extends string>(choices: readonly T[]): Kind<T> {
  return {
    allowed: choices.length === 2 ? choices.join(' or ') : `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text.trim()),
  };
}

/** `true` or `false`. */
export const flag: Kind<boolean> = {
  allowed: 'true or false',
  parse(text) {
    const word = oneOf(['true', 'false']).parse(text);
    return word === undefined ? undefined : word === 'true';
  },
};

/** A value, or the word `auto`. */
export function autoOr<T>({ allowed, parse }: Kind<T>): Kind<T | 'auto'> {
  return {
    allowed: `auto, or ${allowed}`,
    parse: (text) => (text.trim() === 'auto' ? 'auto' : parse(text)),
  };
}

/** Values separated by commas, at least one and at most `most`. */
export function list<T>(
  kind: Kind<T>,
  allowed = `${kind.allowed}, or several separated by commas`,
  most = Number.POSITIVE_INFINITY,
) {
  return {
    allowed,
    parse(text: string): readonly T[] | undefined {
      const values = text.split(',').map((part) => kind.parse(part.trim()));
      const known = values.filter((value) => value !== undefined);
      return known.length === values.length && known.length <= most ? known : undefined;
    },
  } satisfies Kind<readonly T[]>;
}

/** `name=value` pairs separated by commas; empty parts are skipped, and a value may hold further equals signs. */
export const pairs: Kind<Readonly<Record<string, string>>> = {
  allowed: 'key=value,key=value',
  parse(text) {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    const entries = parts.map((part) => splitPair(part)?.map((side) => side.trim()));
    return entries.every((entry) => entry !== undefined && entry[0] !== '')
      ? Object.fromEntries(entries as [string, string][])
      : undefined;
  },
};

/** The two sides of the first equals sign; undefined where there is none or nothing stands before it. */
export function splitPair(text: string): readonly [name: string, value: string] | undefined {
  const at = text.indexOf('=');
  return at < 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

/** Whether a value is within a range whose limits `toNumber` reads. */
export function isWithin<Limit>(
  value: number,
  { from, above, to, below }: Range<Limit>,
  toNumber: (limit: Limit) => number,
): boolean {
  return (
    (from === undefined || value >= toNumber(from)) &&
    (above === undefined || value > toNumber(above)) &&
    (to === undefined || value <= toNumber(to)) &&
    (below === undefined || value < toNumber(below))
  );
}

/** What a value within a range may be, in words: "a number from 1 to 5", "a ratio above 0, at most 1, such as 0.5". */
export function allowedWords<Limit>(
  noun: string,
  { allowed, unit, note, ...range }: Range<Limit> & Words,
): string {
  if (allowed !== undefined) return allowed;
  const counted = unit === undefined ? noun : `${noun} of ${unit}`;
  const words = [counted, rangeWords(range)].filter((part) => part !== '').join(' ');
  return note === undefined ? words : `${words}, ${note}`;
}

function rangeWords<Limit>({ from, above, to, below }: Range<Limit>): string {
  if (above !== undefined) {
    if (below !== undefined) return `between ${above} and ${below}`;
    return to === undefined ? `above ${above}` : `above ${above}, at most ${to}`;
  }
  if (from === undefined)
    return to === undefined ? (below === undefined ? '' : `below ${below}`) : `up to ${to}`;
  if (below !== undefined) return `from ${from} to less than ${below}`;
  return to === undefined ? `of at least ${from}` : `from ${from} to ${to}`;
}
