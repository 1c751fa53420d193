import type { FieldError } from './errors.ts';
import type { Kind, ValueOf } from './setting-values.ts';
import { withoutAnyUserInfo } from './without-user-info.ts';

/**
 * One setting, declared once: reading, checking, the type of its value, `--help` and the documents come from here.
 * A trigger key, a variable of the environment, a flag and a header are settings.
 */
export interface Setting<T> extends Kind<T> {
  readonly meaning: string;
  /** The name users write, where it is not the setting's name in its table. */
  readonly name?: string;
  /** Further names that mean the same. */
  readonly aliases?: readonly string[];
  /** Text that is parsed when the setting is not given. Without one the value is undefined then. */
  readonly default?: string;
  /** Words in the documents for a setting that is not given, where `default` is not enough. */
  readonly absent?: string;
  readonly isRequired?: true;
  /** The text of a secret setting is never shown, not even in an error about it. */
  readonly isSecret?: true;
  /**
   * The text of a public setting is shown to people and told to other servers, so whoever takes it under a name with the ending
   * ({@link Writing.suffix}), whose text may be a secret, shows a stand-in.
   */
  readonly isPublic?: true;
  /** Why the setting has no effect. It is accepted, and a warning with these words is given. */
  readonly withoutEffect?: string;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The type of one setting's value: undefined is part of it unless there is a default or the setting is required. */
type SettingValue<S extends Setting<unknown>> =
  | ValueOf<S>
  | (S extends { readonly default: string } | { readonly isRequired: true } ? never : undefined);

/** The values of a table's settings, by their names in the table. */
export type SettingValues<T extends SettingTable> = { readonly [Name in keyof T]: SettingValue<T[Name]> };

/** Texts by the names that users write. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** How users write the settings of a table, and how an error names a text that is not allowed. */
export interface Writing {
  /** The name users write for a setting without a `name`. Default: its name in the table. */
  readonly nameOf?: (tableName: string) => string;
  /**
   * Ending that may follow every name, such as KEDA's `FromEnv`; the plain name wins. A text that is given under a name with the
   * ending comes from elsewhere and may be a secret, so it is never shown.
   */
  readonly suffix?: string;
  /** Whether an empty text counts as not given. */
  readonly isEmptyAbsent?: boolean;
  /** The sentence about a text that is not allowed. */
  readonly notAllowed?: (name: string, text: string, allowed: string) => string;
}

/** How the environment is written: an empty variable is one that is not set. */
export const environmentWriting: Writing = { isEmptyAbsent: true };

/** Result of reading texts against a table of settings. */
export interface Reading<T extends SettingTable> {
  /**
   * Every value, with its default where it is not given or not allowed. They count only when there is no field error and
   * nothing required is missing.
   */
  readonly values: SettingValues<T>;
  /** The name under which a setting was given, for each that was. */
  readonly given: ReadonlyMap<keyof T, string>;
  /** One field error for each text that is not allowed, in the order of the table; credentials of addresses are left out. */
  readonly fieldErrors: readonly FieldError[];
  /** One warning for each setting that is given and has no effect. */
  readonly warnings: readonly FieldError[];
}

/** Reads every setting of a table. Errors are collected and not thrown. Texts under names outside the table are ignored. */
export function readSettings<T extends SettingTable>(
  table: T,
  texts: Texts,
  writing: Writing = {},
): Reading<T> {
  const { isEmptyAbsent = false, notAllowed = butMustBe, suffix } = writing;
  const isGiven = (name: string) =>
    texts[name] !== undefined && !(isEmptyAbsent && texts[name].trim() === '');
  const values: Record<string, unknown> = {};
  const given = new Map<keyof T, string>();
  const fieldErrors: FieldError[] = [];
  const warnings: FieldError[] = [];
  for (const { tableName, setting, names, byDefault } of declared(table, writing)) {
    const name = names.find(isGiven);
    values[tableName] = byDefault;
    if (name === undefined) continue;
    const text = texts[name] ?? '';
    const hasSuffix = suffix !== undefined && name.endsWith(suffix);
    const isHidden = setting.isSecret === true || hasSuffix;
    given.set(tableName, name);
    const value = setting.parse(isEmptyAbsent ? text.trim() : text);
    if (value !== undefined) {
      values[tableName] = value;
    } else if (isHidden) {
      fieldErrors.push({ field: name, message: `${name} must be ${setting.allowed}` });
    } else {
      const shown = withoutAnyUserInfo(text);
      const message = notAllowed(name, shortened(shown), setting.allowed);
      fieldErrors.push({ field: name, value: shown, message });
    }
    if (setting.withoutEffect !== undefined) {
      warnings.push({ field: name, message: `${name} has no effect: ${setting.withoutEffect}` });
    }
  }
  return { values: values as SettingValues<T>, given, fieldErrors, warnings };
}

/** A setting with what depends on nothing that is given. */
interface DeclaredSetting {
  readonly tableName: string;
  readonly setting: Setting<unknown>;
  readonly names: readonly string[];
  /** The value of a setting that is not given. */
  readonly byDefault: unknown;
}

/** Tables are constants, and those of triggers are read for each of thousands. */
const known = new WeakMap<SettingTable, WeakMap<Writing, readonly DeclaredSetting[]>>();

/** The settings of a table, worked out once for each way of writing them. */
export function declared(table: SettingTable, writing: Writing): readonly DeclaredSetting[] {
  const ofTable = known.get(table) ?? new WeakMap<Writing, readonly DeclaredSetting[]>();
  known.set(table, ofTable);
  const settings =
    ofTable.get(writing) ??
    Object.entries(table).map(([tableName, setting]) => ({
      tableName,
      setting,
      names: namesOf(tableName, setting, writing),
      byDefault: setting.default === undefined ? undefined : setting.parse(setting.default),
    }));
  ofTable.set(writing, settings);
  return settings;
}

/** Every name users may write for a setting, the one that wins first. */
export function namesOf(tableName: string, setting: Setting<unknown>, writing: Writing = {}): string[] {
  const name = setting.name ?? writing.nameOf?.(tableName) ?? tableName;
  const plain = [name, ...(setting.aliases ?? [])];
  const { suffix } = writing;
  return suffix === undefined ? plain : plain.flatMap((one) => [one, `${one}${suffix}`]);
}

const longestShown = 100;

/**
 * The beginning of a text, long enough to recognise it, so that a value of many kilobytes does not hide the rest of a message.
 */
export function shortened(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}

function butMustBe(name: string, text: string, allowed: string): string {
  return `${name} is "${text}" but must be ${allowed}`;
}
