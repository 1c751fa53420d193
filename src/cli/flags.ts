import { type Command, Option } from 'commander';
import { invalidFields } from '../platform/errors.ts';
import { flag, type Kind, splitPair } from '../platform/setting-values.ts';
import {
  namesOf,
  readSettings,
  type Setting,
  type SettingValues,
  type Texts,
  type Writing,
} from '../platform/settings.ts';

/** A flag of the command line, or its argument. */
export interface Flag<T> extends Setting<T> {
  /** What `--help` calls its value, such as `duration`. A flag without one is a switch. */
  readonly value?: string;
  /** A letter that stands for its name: `-w`. */
  readonly short?: `-${string}`;
  /** The variable of the environment that is read where the flag is not given. */
  readonly variable?: string;
  /** Whether it is an argument of the command, given without a name, in the order of the table. `--help` calls it by its `name`. */
  readonly isArgument?: true;
  /** Whether it may be given several times, the last argument too; its text is then all of them, joined by `repeatSeparator`. */
  readonly isRepeatable?: true;
}

/** The flags of a command, in the order of `--help`. A flag's name in the table is its name in camel case. */
export type FlagTable = Readonly<Record<string, Flag<unknown>>>;

/** What commander makes of a command line: texts, lists of texts and `true`, by names in camel case. */
export type FlagTexts = Readonly<Record<string, unknown>>;

/** Name of a command's argument among what commander found; no flag has it. The first is 0. */
const argumentKey = (place: number) => ` ${place}`;

/** No argument of a command line has this character. */
const repeatSeparator = '\0';

/** The texts of a flag that may be given several times. */
export const everyText: Kind<readonly string[]> = {
  allowed: 'key=value',
  parse: (text) => text.split(repeatSeparator),
};

/** `name=value` pairs, one each time the flag is given. A value may hold anything. */
export const everyPair: Kind<Readonly<Record<string, string>>> = {
  allowed: 'name=value, once for each name',
  parse(text) {
    const entries = everyText.parse(text)?.map(splitPair) ?? [];
    const names = new Set(entries.map((entry) => entry?.[0].trim()));
    if (names.has(undefined) || names.has('') || names.size < entries.length) return undefined;
    return Object.fromEntries(
      entries.flatMap((entry) => (entry === undefined ? [] : [[entry[0].trim(), entry[1]]])),
    );
  },
};

/** A switch, off unless its name is given. */
export const switchedOn = { default: 'false', ...flag } as const;

/** The values of a command's flags, and everything that is wrong with them. */
export interface FlagReading<T extends FlagTable> {
  readonly values: SettingValues<T>;
  isGiven(tableName: keyof T): boolean;
  /** What the user wrote for a flag, or its default. */
  textOf(tableName: keyof T & string): string;
  /** Adds a field error: `--name: message`. */
  wrong(name: string, message: string): void;
  /** Adds a field error whose message names the flag by itself. */
  add(name: string, message: string): void;
  /** Throws `invalid-argument` with every field error, in the order of the table, if there is one. */
  check(): void;
}

const flagWriting = {
  nameOf: (tableName) => `--${tableName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  notAllowed: (name, text, allowed) => `${name}: "${text}" must be ${allowed}`,
} satisfies Writing;

/** The name of a flag as users write it: `--polling-interval`. */
export function flagName(tableName: string, setting: Flag<unknown>): string {
  return namesOf(tableName, setting, flagWriting)[0] ?? tableName;
}

/** Declares the flags to commander. */
export function addFlags(command: Command, table: FlagTable): Command {
  for (const [tableName, setting] of Object.entries(table)) {
    const name = flagName(tableName, setting);
    if (setting.isArgument === true) {
      command.argument(setting.isRepeatable === true ? `[${name}...]` : `[${name}]`, description(setting));
      continue;
    }
    const names = setting.short === undefined ? name : `${setting.short}, ${name}`;
    const option = new Option(
      setting.value === undefined ? names : `${names} <${setting.value}>`,
      description(setting),
    );
    if (setting.isRepeatable === true) option.argParser(collect);
    command.addOption(option);
  }
  return command;
}

/** What commander found of a command's flags and arguments. */
export function textsOf(command: Command): FlagTexts {
  const args: readonly unknown[] = command.processedArgs;
  return {
    ...command.opts(),
    ...Object.fromEntries(args.map((given, place) => [argumentKey(place), given])),
  };
}

/** Reads the flags that commander found, and the environment where it stands in for one. */
export function readFlags<T extends FlagTable>(
  commandName: string,
  table: T,
  found: FlagTexts,
  options: { readonly env?: Texts; readonly notAllowed?: Writing['notAllowed'] } = {},
): FlagReading<T> {
  const { env = {}, notAllowed = flagWriting.notAllowed } = options;
  const writing = { ...flagWriting, notAllowed };
  const texts: Record<string, string> = {};
  const order: string[] = [];
  let place = 0;
  for (const [tableName, setting] of Object.entries(table)) {
    const name = flagName(tableName, setting);
    const key = setting.isArgument === true ? argumentKey(place++) : new Option(name).attributeName();
    const own = found[key];
    const isThere = own !== undefined && !(Array.isArray(own) && own.length === 0);
    const given = isThere ? own : env[setting.variable ?? ''];
    if (given !== undefined) texts[name] = Array.isArray(given) ? given.join(repeatSeparator) : String(given);
    order.push(name);
  }
  const reading = readSettings(table, texts, writing);
  const fieldErrors = [...reading.fieldErrors];
  return {
    values: reading.values,
    isGiven: (tableName) => reading.given.has(tableName),
    textOf: (tableName) => texts[reading.given.get(tableName) ?? ''] ?? table[tableName]?.default ?? '',
    wrong: (field, message) => void fieldErrors.push({ field, message: `${field}: ${message}` }),
    add: (field, message) => void fieldErrors.push({ field, message }),
    check() {
      if (fieldErrors.length === 0) return;
      throw invalidFields(
        commandName,
        fieldErrors.toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field)),
      );
    },
  };
}

function description({
  meaning,
  default: byDefault,
  absent = byDefault,
  value,
  variable,
}: Flag<unknown>): string {
  const facts = [
    ...(absent === undefined || value === undefined ? [] : [`default: ${absent}`]),
    ...(variable === undefined ? [] : [`env: ${variable}`]),
  ];
  return facts.length === 0 ? meaning : `${meaning} (${facts.join(', ')})`;
}

function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text];
}
