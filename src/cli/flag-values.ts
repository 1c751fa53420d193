import { parseDuration } from '../platform/duration.ts';
import { type FieldError, invalidFields } from '../platform/errors.ts';
import { parseMoment } from '../platform/moment.ts';

/** Reads the values of flags and collects what is wrong with them, so that all of it is said at once. */
export interface FlagValues {
  /** Seconds of a duration above zero. Wrong = NaN, and a fault. */
  seconds(flag: string, text: string): number;
  /** Unix seconds of a moment. Wrong = NaN, and a fault. */
  moment(flag: string, text: string): number;
  /** A number for which `holds`; `rule` says in words what that is. Wrong = NaN, and a fault. */
  number(flag: string, text: string, holds: (value: number) => boolean, rule: string): number;
  /** Comma-separated values, each read by `read`; at least one. */
  list(flag: string, text: string, read: (flag: string, item: string) => number): number[];
  /** `key=value` pairs, comma-separated. */
  pairs(flag: string, text: string): Record<string, string>;
  fault(flag: string, message: string, value?: string): void;
  /** Throws `invalid-argument` with every fault, if there is one. */
  check(): void;
}

export function createFlagValues(command: string): FlagValues {
  const fieldErrors: FieldError[] = [];
  const fault = (field: string, message: string, value?: string) => {
    fieldErrors.push({ field, message: `${field}: ${message}`, ...(value === undefined ? {} : { value }) });
  };
  const wrong = (flag: string, text: string, rule: string) => {
    fault(flag, `"${text}" must be ${rule}`, text);
    return Number.NaN;
  };

  return {
    seconds(flag, text) {
      const seconds = parseDuration(text);
      return seconds !== undefined && seconds > 0
        ? seconds
        : wrong(flag, text, 'a duration above zero, such as 90s, 2h or 7d');
    },
    moment: (flag, text) =>
      parseMoment(text) ?? wrong(flag, text, 'unix seconds or an ISO time such as 2026-01-05T09:00Z'),
    number(flag, text, holds, rule) {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) && holds(value) ? value : wrong(flag, text, rule);
    },
    list: (flag, text, read) => text.split(',').map((item) => read(flag, item.trim())),
    pairs(flag, text) {
      const pairs = text.split(',').filter((pair) => pair.trim() !== '');
      return Object.fromEntries(
        pairs.map((pair) => {
          const [name = '', ...rest] = pair.split('=');
          if (name.trim() === '' || rest.length === 0) wrong(flag, pair, 'written name=value,name=value');
          return [name.trim(), rest.join('=').trim()];
        }),
      );
    },
    fault,
    check() {
      if (fieldErrors.length > 0) throw invalidFields(command, fieldErrors);
    },
  };
}
