import type { FieldError } from '../../platform/errors.ts';

/** A mapping of a parsed YAML document. */
export type Mapping = Readonly<Record<string, unknown>>;

/** What the suffixes of a Kubernetes quantity of a metric stand for. */
const quantityFactors: Readonly<Record<string, number>> = { m: 0.001, k: 1000, M: 1_000_000 };

export type ManifestReader = ReturnType<typeof createManifestReader>;

/** Reads fields of a manifest and collects what is wrong with each, once, by its full path. */
export function createManifestReader() {
  const fieldErrors: FieldError[] = [];
  function wrong(path: string, value: unknown, rule: string): undefined {
    if (fieldErrors.some(({ field }) => field === path)) return undefined;
    const shown = value === undefined ? 'missing' : JSON.stringify(value);
    fieldErrors.push({ field: path, value: shown, message: `${path} is ${shown}: ${rule}` });
    return undefined;
  }
  return {
    fieldErrors,
    wrong,
    /** The mapping at `path`, empty where there is none. */
    mapping(value: unknown, path: string): Mapping {
      if (value === undefined || value === null) return {};
      if (typeof value === 'object' && !Array.isArray(value)) return value as Mapping;
      return wrong(path, value, 'it must be a mapping') ?? {};
    },
    list(value: unknown, path: string): readonly unknown[] {
      if (value === undefined || value === null) return [];
      return Array.isArray(value) ? value : (wrong(path, value, 'it must be a list') ?? []);
    },
    text(value: unknown, path: string): string | undefined {
      if (value === undefined || typeof value === 'string') return value;
      return wrong(path, value, 'it must be a string; quote it');
    },
    flag(value: unknown, path: string): boolean | undefined {
      if (value === undefined || typeof value === 'boolean') return value;
      return wrong(path, value, 'it must be true or false');
    },
    integer(value: unknown, path: string, least: number): number | undefined {
      if (value === undefined) return undefined;
      if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
      return wrong(path, value, `it must be a whole number, ${least} or more`);
    },
    /** A number, or a text with one, as trigger metadata and Kubernetes quantities have it: `10`, `"0.05"`, `50m`, `2k`. */
    quantity(value: unknown, path: string, least: 'above zero' | 'zero or more'): number | undefined {
      if (value === undefined) return undefined;
      const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)([mkM]?)$/.exec(String(value)) ?? [];
      const number = Number(digits) * (quantityFactors[suffix] ?? 1);
      if (number > 0 || (number === 0 && least === 'zero or more')) return number;
      return wrong(path, value, `it must be a number, ${least}, such as "0.05" or 50m`);
    },
    oneOf<const T extends string>(value: unknown, path: string, allowed: readonly T[]): T | undefined {
      if (value === undefined) return undefined;
      const found = allowed.find((candidate) => candidate === value);
      return found ?? wrong(path, value, `it must be one of ${allowed.join(', ')}`);
    },
  };
}
