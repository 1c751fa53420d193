import type { ScriptName } from './scripts.ts';
import { type Setting, settings } from './settings.ts';

type Settings = typeof settings;
type Value<S extends Setting<unknown>> =
  | Exclude<ReturnType<S['parse']>, undefined>
  | (S extends { readonly default: string } ? never : undefined);

/** The settings as read; absent ones, and those that the script does not read, are undefined or their default. */
export type LoadSettings = { readonly [K in keyof Settings]: Value<Settings[K]> };

type Variables = Readonly<Record<string, string | undefined>>;

/** What stands for a setting that is not set. */
export function defaultOf(
  setting: Setting<unknown>,
  script: ScriptName,
  isShort: boolean,
): string | undefined {
  return (isShort ? setting.short?.[script] : undefined) ?? setting.defaults?.[script] ?? setting.default;
}

/** The text of each setting that the script reads, as it was set or by default. An empty variable is not set. */
export function settingTexts(script: ScriptName, variables: Variables): Map<string, string> {
  const isShort = given(settings.short, variables) === '1';
  return new Map(
    (Object.values(settings) as readonly Setting<unknown>[])
      .filter((setting) => setting.scripts.includes(script))
      .flatMap((setting) => {
        const text = given(setting, variables) ?? defaultOf(setting, script, isShort);
        return text === undefined ? [] : [[setting.variable, text] as const];
      }),
  );
}

/** What is wrong with the variables a script reads, one sentence each. */
export function settingFaults(script: ScriptName, variables: Variables): string[] {
  const texts = settingTexts(script, variables);
  const wrong = (Object.values(settings) as readonly Setting<unknown>[]).flatMap((setting) => {
    const text = texts.get(setting.variable);
    if (text === undefined || setting.parse(text) !== undefined) return [];
    return [`${setting.variable} is "${text}" but must be ${setting.allowed}`];
  });
  const [base, peak] = [texts.get(settings.baseRps.variable), texts.get(settings.peakRps.variable)];
  if (wrong.length === 0 && base !== undefined && Number(base) > Number(peak)) {
    wrong.push(`LOAD_BASE_RPS is "${base}" but must be at most LOAD_PEAK_RPS, which is ${peak}`);
  }
  return wrong;
}

/** Reads what a script is set to. Throws one error that lists every value not allowed. */
export function readSettings(script: ScriptName, variables: Variables): LoadSettings {
  const faults = settingFaults(script, variables);
  if (faults.length > 0) throw new Error(faults.join('; '));
  const texts = settingTexts(script, variables);
  const values = (Object.entries(settings) as readonly [string, Setting<unknown>][]).map(([key, setting]) => {
    const text = texts.get(setting.variable) ?? setting.default;
    return [key, text === undefined ? undefined : setting.parse(text)];
  });
  return Object.fromEntries(values) as LoadSettings;
}

function given(setting: Setting<unknown>, variables: Variables): string | undefined {
  const text = variables[setting.variable]?.trim();
  return text === '' ? undefined : text;
}
