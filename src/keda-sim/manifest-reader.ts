import type { FieldError } from '../platform/errors.ts';

/** A mapping of a parsed YAML document. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Reads fields of a manifest and collects everything that is wrong with them, each by its full path. */
export interface ManifestReader {
  readonly fieldErrors: readonly FieldError[];
  wrong(path: string, value: unknown, rule: string): undefined;
  /** The mapping at `path`, empty where there is none. */
  mapping(value: unknown, path: string): Mapping;
  list(value: unknown, path: string): readonly unknown[];
  text(value: unknown, path: string): string | undefined;
  flag(value: unknown, path: string): boolean | undefined;
  integer(value: unknown, path: string, least: number): number | undefined;
  oneOf<const T extends string>(value: unknown, path: string, allowed: readonly T[]): T | undefined;
}

export function createManifestReader(): ManifestReader {
  const fieldErrors: FieldError[] = [];
  function wrong(path: string, value: unknown, rule: string): undefined {
    const shown = value === undefined ? 'missing' : JSON.stringify(value);
    fieldErrors.push({ field: path, value: shown, message: `${path} is ${shown}: ${rule}` });
    return undefined;
  }
  return {
    fieldErrors,
    wrong,
    mapping(value, path) {
      if (value === undefined || value === null) return {};
      if (typeof value === 'object' && !Array.isArray(value)) return value as Mapping;
      wrong(path, value, 'it must be a mapping');
      return {};
    },
    list(value, path) {
      if (value === undefined || value === null) return [];
      if (Array.isArray(value)) return value;
      wrong(path, value, 'it must be a list');
      return [];
    },
    text(value, path) {
      if (value === undefined) return undefined;
      return typeof value === 'string' ? value : wrong(path, value, 'it must be a string; quote it');
    },
    flag(value, path) {
      if (value === undefined) return undefined;
      return typeof value === 'boolean' ? value : wrong(path, value, 'it must be true or false');
    },
    integer(value, path, least) {
      if (value === undefined) return undefined;
      if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
      return wrong(path, value, `it must be a whole number, ${least} or more`);
    },
    oneOf(value, path, allowed) {
      if (value === undefined) return undefined;
      return (
        allowed.find((candidate) => candidate === value) ??
        wrong(path, value, `it must be one of ${allowed.join(', ')}`)
      );
    },
  };
}
