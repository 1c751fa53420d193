import { environmentWriting, readSettings as read, type SettingValues } from '../../src/platform/settings.ts';
import type { ScriptName } from './scripts.ts';
import { type LoadSetting, settings } from './settings.ts';

type Settings = typeof settings;

/** The settings as read. A setting that the script does not read has its default or is undefined. */
export type LoadSettings = SettingValues<Settings>;

type Variables = Readonly<Record<string, string | undefined>>;

/** The default text of a setting for a script; undefined where it has none. */
export function defaultOf(
  setting: LoadSetting<unknown>,
  script: ScriptName,
  isShort: boolean,
): string | undefined {
  return (isShort ? setting.short?.[script] : undefined) ?? setting.defaults?.[script] ?? setting.default;
}

/** The text of each setting that the script reads, as it was set or by default. An empty variable is not set. */
export function settingTexts(script: ScriptName, variables: Variables): Map<string, string> {
  const isShort = variables[settings.short.name]?.trim() === '1';
  return new Map(
    (Object.values(settings) as readonly LoadSetting<unknown>[])
      .filter((setting) => setting.scripts.includes(script))
      .flatMap((setting) => {
        const text = variables[setting.name]?.trim() || defaultOf(setting, script, isShort);
        return text === undefined ? [] : [[setting.name, text] as const];
      }),
  );
}

/** Sentences about wrong values of the variables that a script reads; empty where all are allowed. */
export function settingFaults(script: ScriptName, variables: Variables): string[] {
  const texts = settingTexts(script, variables);
  const { values, fieldErrors } = read(settings, Object.fromEntries(texts), environmentWriting);
  if (fieldErrors.length > 0) return fieldErrors.map(({ message }) => message);
  const { baseRps, peakRps } = values;
  if (baseRps === undefined || !texts.has(settings.baseRps.name) || baseRps <= peakRps) return [];
  return [`LOAD_BASE_RPS is "${baseRps}" but must be at most LOAD_PEAK_RPS, which is ${peakRps}`];
}

/** Reads the settings of a script. Throws one error that lists every value that is not allowed. */
export function readSettings(script: ScriptName, variables: Variables): LoadSettings {
  const faults = settingFaults(script, variables);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return read(settings, Object.fromEntries(settingTexts(script, variables)), environmentWriting).values;
}
